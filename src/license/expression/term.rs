//! Defines [`Term`]: one license of an expression, with its exception.

use std::fmt;

use crate::license::id;

/// One license, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    id: String,
    /// A `+` behind an id that has no form of its own for it.
    or_later: bool,
    exception: Option<String>,
    known: bool,
}

impl Term {
    /// A term as an expression has it; ids get the case that SPDX writes, and `GPL-2.0+` becomes `GPL-2.0-or-later`.
    pub fn new(said: &str, exception: Option<&str>) -> Self {
        let (bare, plus) = said.strip_suffix('+').map_or((said, false), |bare| (bare, true));
        let later = format!("{}-or-later", id::stem(bare));
        let (id, or_later) = match (id::license(&later).filter(|_| plus), id::license(bare)) {
            (Some(later), _) => (Some(later), false),
            (None, found) => (found, plus && found.is_some()),
        };
        let reference =
            said.starts_with("LicenseRef-") || (said.starts_with("DocumentRef-") && said.contains(":LicenseRef-"));
        let addition = exception.map(|said| id::exception(said).map_or_else(|| said.to_owned(), str::to_owned));
        let addition_known =
            exception.is_none_or(|said| id::exception(said).is_some() || said.starts_with("AdditionRef-"));
        Self {
            known: (id.is_some() || reference) && addition_known,
            id: id.map_or_else(|| said.to_owned(), str::to_owned),
            or_later,
            exception: addition,
        }
    }

    /// A term that says nothing but these words.
    pub fn unknown(said: &str) -> Self {
        Self { id: said.to_owned(), or_later: false, exception: None, known: false }
    }

    /// The id, without `+` and exception.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The exception, if there is one.
    pub fn exception(&self) -> Option<&str> {
        self.exception.as_deref()
    }

    /// Whether license and exception are on the SPDX list, or references that a document explains.
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// Whether it is a license of the list; a `LicenseRef-` is not.
    pub fn is_listed(&self) -> bool {
        self.known && id::license(&self.id).is_some()
    }

    /// Whether later versions may be chosen.
    pub fn is_or_later(&self) -> bool {
        self.or_later || self.id.ends_with("-or-later")
    }

    /// The same term without the exception.
    #[must_use]
    pub fn without_exception(&self) -> Self {
        Self { exception: None, known: self.known || id::license(&self.id).is_some(), ..self.clone() }
    }

    /// The same term with another id.
    #[must_use]
    pub fn with_id(&self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self.clone() }
    }

    /// The ids one of which may be chosen: `GPL-2.0-or-later` offers itself, `GPL-2.0-only`, and version 3 in both forms.
    pub fn offers(&self) -> Vec<&str> {
        let mut ids = vec![self.id.as_str()];
        if self.is_or_later() {
            let same = id::license(&format!("{}-only", id::stem(&self.id)));
            for id in same.into_iter().chain(id::later(&self.id).filter(|id| !id::is_deprecated(id))) {
                ids.push(id);
            }
        }
        ids
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.or_later {
            f.write_str("+")?;
        }
        match &self.exception {
            Some(exception) => write!(f, " WITH {exception}"),
            None => Ok(()),
        }
    }
}
