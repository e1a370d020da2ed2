//! Defines [`Lists`]: what a policy says of ids and of categories, for one scope.

use std::collections::HashMap;

use super::entry::{self, Entry};
use super::{Category, Verdict};
use crate::config::LicenseLists;
use crate::error::Error;
use crate::license::id;

/// The three lists, by what is looked for.
#[derive(Debug)]
pub(super) struct Lists {
    ids: HashMap<String, Verdict>,
    categories: HashMap<Category, Verdict>,
    /// Only what is on the list is allowed.
    pub(super) is_closed: bool,
    /// What is said of a license that nobody knows.
    pub(super) unknown: Verdict,
}

impl Lists {
    pub(super) fn new(settings: &LicenseLists) -> Result<Self, Error> {
        let mut lists = Self {
            ids: HashMap::new(),
            categories: HashMap::new(),
            is_closed: settings.allow.is_some(),
            unknown: settings.unknown.map_or(Verdict::Review, Into::into),
        };
        let named =
            [(&settings.allow, Verdict::Allow), (&settings.review, Verdict::Review), (&settings.deny, Verdict::Deny)];
        for (list, verdict) in named {
            for said in list.iter().flatten() {
                let before = match entry::read(said)? {
                    Entry::License(id) => lists.ids.insert(id, verdict),
                    Entry::Category(category) => lists.categories.insert(category, verdict),
                };
                if before.is_some_and(|before| before != verdict) {
                    return Err(Error::usage(format!("`{said}` is on two lists of [licenses]"))
                        .hint("take it from one of `allow`, `review` and `deny`"));
                }
            }
        }
        Ok(lists)
    }

    /// What is said of a license: as it is written, or without `-only` and `-or-later`, which is both of them. The id that
    /// does not say which is either.
    pub(super) fn of_id(&self, written: &str) -> Option<Verdict> {
        if let Some(verdict) = self.ids.get(written) {
            return Some(*verdict);
        }
        let stem = id::stem(written);
        if stem != written {
            return self.ids.get(stem).copied();
        }
        let forms = ["-only", "-or-later"].map(|form| self.ids.get(&format!("{written}{form}")).copied());
        forms.into_iter().flatten().max()
    }

    pub(super) fn of_category(&self, category: Category) -> Option<Verdict> {
        self.categories.get(&category).copied()
    }
}
