//! What went wrong, in one line, with the remedy.

use std::fmt;

/// A failure that ends the task. Shown as one line: what is wrong; what to do.
#[derive(Debug)]
pub(crate) struct Problem {
    what: String,
    remedy: Option<String>,
}

/// The result of a step.
pub(crate) type Outcome<T> = Result<T, Problem>;

impl Problem {
    /// A failure whose details were already shown by the tool that failed.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// A failure that a person can mend: `remedy` is the command to run, or the thing to do.
    pub(crate) fn with_remedy(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: Some(remedy.into()) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.what)?;
        match &self.remedy {
            Some(remedy) => write!(out, "; to mend it: {remedy}"),
            None => Ok(()),
        }
    }
}

/// Says what was being done when an input or output operation failed.
pub(crate) trait Context<T> {
    /// Turns the error into a [`Problem`] that reads "could not DOING: REASON".
    fn doing(self, doing: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn doing(self, doing: impl fmt::Display) -> Outcome<T> {
        self.map_err(|reason| Problem::new(format!("could not {doing}: {reason}")))
    }
}
