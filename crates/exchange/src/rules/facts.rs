//! What conditions look at, as values of CEL.

use cel::{
    ExecutionError,
    common::{
        traits::{Container, Indexer, Iterable, Iterator as Elements, Sizer},
        types::{CelBool, CelInt, CelList, CelString, MAP_TYPE, Type},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};
use std::{collections::BTreeMap, sync::Arc};

/// The variables of one evaluation.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<(&'static str, Box<dyn Val>)>);

impl Facts {
    pub(crate) fn with(mut self, name: &'static str, value: impl Val + 'static) -> Self {
        self.set(name, value);
        self
    }

    /// Puts a variable in the place of the one of that name.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Val + 'static) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, Box::new(value)));
    }
}

impl VariableResolver for Facts {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let (_, value) = self.0.iter().find(|(name, _)| *name == variable)?;
        Some(CowVal::Borrowed(value.as_ref()))
    }
}

/// A map from names to values.
///
/// CEL's own is a hash map: going through one, in an order that is another each time, the same condition could come out differently.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record(Arc<BTreeMap<String, Field>>);

#[derive(Debug)]
struct Field {
    name: CelString<'static>,
    value: Box<dyn Val>,
}

impl Record {
    pub(crate) fn new(fields: impl IntoIterator<Item = (String, Box<dyn Val>)>) -> Self {
        let field = |(name, value): (String, _)| {
            let field = Field { name: CelString::from(name.clone()), value };
            (name, field)
        };
        Self(Arc::new(fields.into_iter().map(field).collect()))
    }

    /// A record of named fields; those that are `None` are not there.
    pub(crate) fn of<const N: usize>(fields: [(&str, Option<Box<dyn Val>>); N]) -> Self {
        Self::new(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))))
    }

    fn find(&self, name: &dyn Val) -> Result<&Field, ExecutionError> {
        let Some(name) = name.downcast_ref::<CelString<'_>>() else {
            let (got, want) = (name.get_type().name().to_owned(), "string".to_owned());
            return Err(ExecutionError::UnexpectedType { got, want });
        };
        self.0.get(name.inner()).ok_or_else(|| ExecutionError::no_such_key(name.inner()))
    }
}

pub(crate) fn text(text: impl Into<String>) -> Box<dyn Val> {
    Box::new(CelString::from(text.into()))
}

/// Numbers beyond what CEL's hold are the largest it has.
pub(crate) fn number(number: u64) -> Box<dyn Val> {
    Box::new(CelInt::from(i64::try_from(number).unwrap_or(i64::MAX)))
}

pub(crate) fn truth(is: bool) -> Box<dyn Val> {
    Box::new(CelBool::from(is))
}

pub(crate) fn list(elements: impl IntoIterator<Item = Box<dyn Val>>) -> Box<dyn Val> {
    Box::new(CelList::from(elements.into_iter().collect::<Vec<_>>()))
}

pub(crate) fn record(record: Record) -> Box<dyn Val> {
    Box::new(record)
}

impl Val for Record {
    fn get_type(&self) -> &Type {
        Self::cel_type()
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }
}

impl Container for Record {
    fn contains(&self, name: &dyn Val) -> Result<bool, ExecutionError> {
        match self.find(name) {
            Ok(_) => Ok(true),
            Err(ExecutionError::NoSuchKey(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

impl Indexer for Record {
    fn get<'b, 'v>(&'b self, name: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.find(name).map(|field| CowVal::Borrowed(field.value.as_ref()))
    }

    fn steal<'v>(self: Box<Self>, name: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.find(name).map(|field| field.value.clone_as_boxed())
    }
}

impl Iterable for Record {
    fn iter<'b, 'v>(&'b self) -> Box<dyn Elements<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        Box::new(Names(self.0.values()))
    }
}

impl Sizer for Record {
    fn size(&self) -> CelInt {
        CelInt::from(i64::try_from(self.0.len()).unwrap_or(i64::MAX))
    }
}

struct Names<'b>(std::collections::btree_map::Values<'b, String, Field>);

impl<'b, 'v> Elements<'b, 'v> for Names<'b> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|field| &field.name as &(dyn Val + 'v))
    }
}
