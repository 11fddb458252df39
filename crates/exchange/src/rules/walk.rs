//! What can be known of a condition before it is evaluated: the names it uses, how deep it nests and how much it may cost.

use super::condition::{Scope, Wrong};
use cel::{
    common::ast::{ComprehensionExpr, EntryExpr, Expr, operators},
    parser::Expression,
};

/// How deep a condition may nest. Evaluating it takes as many steps into the stack, and a page's WebAssembly has a small one.
pub(crate) const MOST_DEPTH: u16 = 48;
/// How many steps evaluating a condition may take.
const MOST_COST: u64 = 20_000;
/// What a list is taken to hold whose length is not known; attributes hold at most 32 texts.
const LIST: u64 = 100;
/// Adding makes a new list or text.
const ADDING: u64 = 10;

/// The variables and their fields; `*` for any.
type Table = &'static [(&'static str, &'static [&'static str])];

const CONVERSATION: Table = &[
    ("conversation", &["channel", "subject", "attributes", "waitedMs", "queue", "outbound"]),
    ("customer", &["userId", "attributes"]),
    (
        "queue",
        &["id", "waiting", "longestWaitMs", "estimatedWaitMs", "agentsReady", "agentsOnline", "open", "full"],
    ),
    ("local", &["date", "weekday", "hour", "minute"]),
    ("now", &[]),
];
const AGENT: Table = &[("agent", &["userId", "name", "skills", "queues", "roles"])];

/// What conditions can call. Operators and `has`, `all`, `exists`, `exists_one`, `filter`, `map` are not functions by the time this is asked.
const FUNCTIONS: &[&str] =
    &["size", "contains", "startsWith", "endsWith", "int", "uint", "double", "string", "bool", "type", "dyn"];

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) wrong: Vec<Wrong>,
    pub(crate) counts_online: bool,
}

pub(crate) fn check(expression: &Expression, text: &str, scope: Scope) -> Found {
    let table = if scope == Scope::Agent { AGENT } else { CONVERSATION };
    let mut walk = Walk { text, table, bound: Vec::new(), found: Found::default(), too_deep: false };
    let cost = walk.step(expression, 0).cost;
    let mut found = walk.found;
    if walk.too_deep {
        let remedy = format!("Nest at most {MOST_DEPTH} levels; a long row of + or . nests as well");
        found.wrong = vec![Wrong { at: None, problem: "it is nested too deeply".to_owned(), remedy }];
    } else if cost > MOST_COST {
        let problem = format!("evaluating it may take {cost} steps; {MOST_COST} are the most");
        let remedy = "Don't put one all, exists, filter or map inside another; `x in list` may do".to_owned();
        found.wrong.push(Wrong { at: None, problem, remedy });
    }
    found
}

/// What a part costs at the most, and how many elements it has where it is a list.
#[derive(Clone, Copy)]
struct Weight {
    cost: u64,
    size: u64,
}

impl Weight {
    const NONE: Self = Self { cost: 0, size: 0 };

    fn one(size: u64) -> Self {
        Self { cost: 1, size }
    }

    /// One step, after the parts.
    fn after(parts: impl Iterator<Item = Self>, cost: u64, size: u64) -> Self {
        Self { cost: parts.fold(cost, |sum, part| sum.saturating_add(part.cost)), size }
    }
}

struct Walk<'a> {
    text: &'a str,
    table: Table,
    /// The variables that are bound where the walk stands.
    bound: Vec<String>,
    found: Found,
    too_deep: bool,
}

impl Walk<'_> {
    fn step(&mut self, expression: &Expression, depth: u16) -> Weight {
        if depth > MOST_DEPTH {
            self.too_deep = true;
            return Weight::NONE;
        }
        let deeper = depth + 1;
        match &expression.expr {
            Expr::Unspecified => Weight::NONE,
            Expr::Literal(_) => Weight::one(1),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) => {
                if let Expr::Ident(root) = &select.operand.expr {
                    self.field(root, &select.field);
                }
                Weight::after([self.step(&select.operand, deeper)].into_iter(), 1, LIST)
            }
            Expr::Call(call) => {
                let parts: Vec<_> = call.target.as_deref().into_iter().chain(&call.args).collect();
                let parts: Vec<_> = parts.into_iter().map(|part| self.step(part, deeper)).collect();
                self.function(&call.func_name);
                let adds = call.func_name == operators::ADD;
                let size = if adds { parts.iter().map(|p| p.size).sum() } else { LIST };
                Weight::after(parts.into_iter(), if adds { ADDING } else { 1 }, size)
            }
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, deeper),
            Expr::List(list) => {
                let size = list.elements.len() as u64;
                let parts: Vec<_> = list.elements.iter().map(|part| self.step(part, deeper)).collect();
                Weight::after(parts.into_iter(), 1, size)
            }
            Expr::Map(map) => self.entries(map.entries.iter().map(|entry| &entry.expr), deeper),
            Expr::Struct(made) => {
                self.unknown(&made.type_name, "type", "Use texts, numbers, lists and maps");
                Weight::NONE
            }
        }
    }

    fn entries<'e>(&mut self, entries: impl Iterator<Item = &'e EntryExpr>, depth: u16) -> Weight {
        let mut all = Weight::one(0);
        for entry in entries {
            let parts = match entry {
                EntryExpr::StructField(field) => [None, Some(&field.value)],
                EntryExpr::MapEntry(entry) => [Some(&entry.key), Some(&entry.value)],
            };
            for part in parts.into_iter().flatten() {
                all.cost = all.cost.saturating_add(self.step(part, depth).cost);
            }
            all.size += 1;
        }
        all
    }

    /// The range once; the rest as often as it has elements.
    fn comprehension(&mut self, made: &ComprehensionExpr, depth: u16) -> Weight {
        let range = self.step(&made.iter_range, depth);
        let start = self.step(&made.accu_init, depth);
        let names = [Some(&made.iter_var), made.iter_var2.as_ref(), Some(&made.accu_var)];
        let before = self.bound.len();
        self.bound.extend(names.into_iter().flatten().cloned());
        let each = [&made.loop_cond, &made.loop_step].map(|part| self.step(part, depth).cost);
        let result = self.step(&made.result, depth);
        self.bound.truncate(before);
        let each = each[0].saturating_add(each[1]);
        let cost = range.cost.saturating_add(range.size.saturating_mul(each));
        Weight { cost: cost.saturating_add(start.cost).saturating_add(result.cost), size: range.size }
    }

    fn variable(&mut self, name: &str) -> Weight {
        let known = self.bound.iter().any(|bound| bound == name) || self.fields(name).is_some();
        if !known && !name.starts_with('@') {
            let names: Vec<_> = self.table.iter().map(|(name, _)| *name).collect();
            self.unknown(name, "variable", &format!("Use one of {}", names.join(", ")));
        }
        Weight::one(LIST)
    }

    fn fields(&self, name: &str) -> Option<&'static [&'static str]> {
        self.table.iter().find(|(known, _)| *known == name).map(|(_, fields)| *fields)
    }

    fn field(&mut self, root: &str, field: &str) {
        if self.bound.iter().any(|bound| bound == root) {
            return;
        }
        let Some(fields) = self.fields(root) else { return };
        self.found.counts_online |= root == "queue" && field == "agentsOnline";
        if !fields.contains(&field) {
            let remedy = match fields {
                [] => format!("{root} is a number"),
                fields => format!("Use one of {}", fields.join(", ")),
            };
            self.unknown(field, &format!("field of {root}"), &remedy);
        }
    }

    fn function(&mut self, name: &str) {
        // Operators are called by names that nobody can write.
        let operator = name.starts_with(['_', '@', '!', '-']);
        if !operator && !FUNCTIONS.contains(&name) {
            let remedy = format!("Use one of {}", FUNCTIONS.join(", "));
            self.unknown(name, "function", &remedy);
        }
    }

    fn unknown(&mut self, name: &str, kind: &str, remedy: &str) {
        let wrong = Wrong {
            at: place_of(self.text, name),
            problem: format!("there is no {kind} {name}"),
            remedy: remedy.to_owned(),
        };
        if !self.found.wrong.contains(&wrong) {
            self.found.wrong.push(wrong);
        }
    }
}

/// Where a name stands first, outside of quotes. The parser keeps no places of what it could read.
fn place_of(text: &str, name: &str) -> Option<usize> {
    let mut quoted: Option<char> = None;
    let mut escaped = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match quoted {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(quote) if c == quote => quoted = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quoted = Some(c),
            None => {
                let rest = text.get(at..).and_then(|rest| rest.strip_prefix(name));
                let ends = rest.is_some_and(|rest| !rest.starts_with(is_word));
                if ends && !is_word(before) {
                    return Some(at);
                }
            }
        }
        before = c;
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
