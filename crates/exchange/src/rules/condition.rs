//! Conditions in CEL (Common Expression Language, <https://cel.dev>): read once, when a configuration is loaded.
//!
//! The parser of the `cel` crate that is used here is its hand-written one: the generated one takes a hundred times as long, and overflows the stack of a
//! thread (and of WebAssembly) on a few dozen brackets. The regular expressions, time stamps and encodings of CEL are left out: they cost megabytes in the emulator, and
//! `now` and `local` say the time.

use super::{facts::Facts, walk};
use cel::{
    Context, Env, ExecutionError, Value,
    parser::{Expression, PrattParser},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest text of a condition, in bytes.
pub(crate) const MOST_BYTES: usize = 2 * 1024;

/// A condition that was read and found good.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    expression: Expression,
    /// Whether it looks at `queue.agentsOnline`, which takes counting.
    pub(crate) counts_online: bool,
}

/// Which variables a condition may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A conversation and the queue it asks for, or is to wait in.
    Conversation,
    /// An agent.
    Agent,
}

/// What is wrong with a condition's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The byte, from 0, where it is.
    pub(crate) at: Option<usize>,
    pub(crate) problem: String,
    pub(crate) remedy: String,
}

/// Why a condition gave no answer. It names nothing of what customers wrote: it stands in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleFailure {
    /// It looks at an attribute, or another thing, that is not there.
    Missing,
    /// It compares or adds what does not go together, such as a text and a number.
    WrongType,
    /// A number became too large, or was divided by zero.
    Arithmetic,
    /// It gives something else than true or false.
    NotAnAnswer,
    /// Anything else.
    Other,
}

impl RuleFailure {
    /// The failure in words, for an explanation.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Missing => "it looks at an attribute that is not there",
            Self::WrongType => "it compares things that do not go together",
            Self::Arithmetic => "a number became too large, or was divided by zero",
            Self::NotAnAnswer => "it gives neither true nor false",
            Self::Other => "it can't be evaluated",
        }
    }
}

/// The functions and operators that conditions have. Made once for a tenant: making it takes twenty times as long as evaluating a condition.
#[derive(Clone)]
pub(crate) struct Language(Arc<Env>);

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Language")
    }
}

impl Default for Language {
    fn default() -> Self {
        Self(Arc::new(Env::stdlib()))
    }
}

impl Condition {
    /// Reads a condition, and checks all that can be known before it is evaluated.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn read(text: &str, scope: Scope) -> Result<Self, Vec<Wrong>> {
        if text.len() > MOST_BYTES {
            let problem = format!("it has {} bytes", text.len());
            let remedy =
                format!("Write at most {MOST_BYTES} bytes; several rules can share what one can't say");
            return Err(vec![Wrong { at: None, problem, remedy }]);
        }
        let parsed = PrattParser::new().max_recursion_depth(walk::MOST_DEPTH).parse(text);
        let expression = parsed.map_err(|errors| unreadable(text, &errors))?;
        let found = walk::check(&expression, text, scope);
        if found.wrong.is_empty() {
            Ok(Self { expression, counts_online: found.counts_online })
        } else {
            Err(found.wrong)
        }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// Why it can't be said. That counts as no.
    pub(crate) fn holds(&self, language: &Language, facts: &Facts) -> Result<bool, RuleFailure> {
        match self.evaluate(language, facts)? {
            Value::Bool(holds) => Ok(holds),
            _ => Err(RuleFailure::NotAnAnswer),
        }
    }

    /// The text that it gives.
    ///
    /// # Errors
    /// Why it gives none.
    pub(crate) fn text(&self, language: &Language, facts: &Facts) -> Result<String, RuleFailure> {
        match self.evaluate(language, facts)? {
            Value::String(text) => Ok(text.to_string()),
            _ => Err(RuleFailure::NotAnAnswer),
        }
    }

    /// Not by `resolve_val`, which is always inlined: compiled here without much optimisation, each level of it would take 50 KB of the stack.
    fn evaluate(&self, language: &Language, facts: &Facts) -> Result<Value, RuleFailure> {
        let mut context = Context::with_env(Arc::clone(&language.0));
        context.set_variable_resolver(facts);
        Value::resolve(&self.expression, &context).map_err(|error| failure(&error))
    }
}

/// The parser tells follow-up errors too; the first is the one to mend.
fn unreadable(text: &str, errors: &cel::ParseErrors) -> Vec<Wrong> {
    let placed = errors.errors.iter().filter(|error| error.pos.0 > 0);
    let first = placed.min_by_key(|error| error.pos);
    let deep = errors.errors.iter().any(|error| error.msg.contains("recursion limit"));
    if deep {
        let remedy = format!("Nest at most {} levels", walk::MOST_DEPTH);
        return vec![Wrong { at: None, problem: "it is nested too deeply".to_owned(), remedy }];
    }
    let problem = first.map_or("it can't be read", |error| error.msg.trim_start_matches("Syntax error: "));
    let at = first.and_then(|error| byte_of(text, error.pos));
    let remedy = "Write it in CEL, as in: customer.attributes.tier == 'gold'".to_owned();
    vec![Wrong { at, problem: format!("it is no CEL: {problem}"), remedy }]
}

/// A line and a column, both from 1, as a byte.
fn byte_of(text: &str, (line, column): (isize, isize)) -> Option<usize> {
    let before = text.split_inclusive('\n').take(usize::try_from(line).ok()?.checked_sub(1)?);
    let start: usize = before.map(str::len).sum();
    Some((start + usize::try_from(column).ok()?.saturating_sub(1)).min(text.len()))
}

fn failure(error: &ExecutionError) -> RuleFailure {
    match error {
        ExecutionError::NoSuchKey(_)
        | ExecutionError::UndeclaredReference(_)
        | ExecutionError::IndexOutOfBounds(_) => RuleFailure::Missing,
        ExecutionError::DivisionByZero(_)
        | ExecutionError::RemainderByZero(_)
        | ExecutionError::Overflow(..) => RuleFailure::Arithmetic,
        ExecutionError::NoSuchOverload(_)
        | ExecutionError::UnexpectedType { .. }
        | ExecutionError::ValuesNotComparable(..)
        | ExecutionError::UnsupportedBinaryOperator(..)
        | ExecutionError::UnsupportedTargetType { .. }
        | ExecutionError::UnsupportedKeyType(_) => RuleFailure::WrongType,
        _ => RuleFailure::Other,
    }
}
