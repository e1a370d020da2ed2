//! Defines [`Category`]: what kind of license an id is, by `rules/licenses/categories.toml`.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::expression::Term;
use super::id;

/// What a license asks for, roughly. It is a help for policies, and no legal advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Nothing.
    PublicDomain,
    /// To keep its text and the names of the authors.
    Permissive,
    /// To pass on changes of the licensed files under the same license.
    CopyleftWeak,
    /// To pass on a program that holds them as a whole under the same license.
    CopyleftStrong,
    /// The same where the program is only used over a network.
    CopyleftNetwork,
    /// Not to use it for everything.
    Restricted,
    /// To buy it, or to agree to terms that are not public.
    Proprietary,
}

impl Category {
    /// All of them, from the one that asks for least.
    pub const ALL: [Self; 7] = [
        Self::PublicDomain,
        Self::Permissive,
        Self::CopyleftWeak,
        Self::CopyleftStrong,
        Self::CopyleftNetwork,
        Self::Restricted,
        Self::Proprietary,
    ];

    /// As settings write it behind `category:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicDomain => "public-domain",
            Self::Permissive => "permissive",
            Self::CopyleftWeak => "copyleft-weak",
            Self::CopyleftStrong => "copyleft-strong",
            Self::CopyleftNetwork => "copyleft-network",
            Self::Restricted => "restricted",
            Self::Proprietary => "proprietary",
        }
    }

    /// The category that settings call so; `None` when there is none.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }

    /// The category of a license by its id, in the case of the list; `None` when it is in none.
    pub fn of(id: &str) -> Option<Self> {
        TABLE.categories.get(id).or_else(|| TABLE.categories.get(id::stem(id))).copied()
    }

    /// The category of a license with its exception: one for linking makes a strong license a weak one.
    pub fn of_term(term: &Term) -> Option<Self> {
        let category = Self::of(term.id())?;
        let links = term.exception().is_some_and(|exception| TABLE.linking.contains(exception));
        let strong = matches!(category, Self::CopyleftStrong | Self::CopyleftNetwork);
        Some(if links && strong { Self::CopyleftWeak } else { category })
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Data {
    permissive: Vec<String>,
    public_domain: Vec<String>,
    copyleft_weak: Vec<String>,
    copyleft_strong: Vec<String>,
    copyleft_network: Vec<String>,
    restricted: Vec<String>,
    proprietary: Vec<String>,
    unknown: Vec<String>,
    linking_exceptions: Vec<String>,
}

#[derive(Default)]
struct Table {
    categories: HashMap<String, Category>,
    linking: HashSet<String>,
    /// What is known to be in no category.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the table to the list"))]
    unknown: HashSet<String>,
}

const SOURCE: &str = include_str!("../../rules/licenses/categories.toml");

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    crate::config::parse_toml(SOURCE, "rules/licenses/categories.toml").map_or_else(|_| Table::default(), read)
});

fn read(data: Data) -> Table {
    let lists = [
        (Category::PublicDomain, data.public_domain),
        (Category::Permissive, data.permissive),
        (Category::CopyleftWeak, data.copyleft_weak),
        (Category::CopyleftStrong, data.copyleft_strong),
        (Category::CopyleftNetwork, data.copyleft_network),
        (Category::Restricted, data.restricted),
        (Category::Proprietary, data.proprietary),
    ];
    let categories = lists.into_iter().flat_map(|(category, ids)| ids.into_iter().map(move |id| (id, category)));
    Table {
        categories: categories.collect(),
        linking: data.linking_exceptions.into_iter().collect(),
        unknown: data.unknown.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_license_of_the_list_has_a_category_or_is_known_to_have_none() {
        for id in id::licenses() {
            assert!(Category::of(id).is_some() != TABLE.unknown.contains(id), "{id}");
        }
        assert!(TABLE.unknown.len() < 30);
    }

    #[test]
    fn every_line_is_on_the_list_once() {
        let data: Data = crate::config::parse_toml(SOURCE, "categories.toml").unwrap();
        let mut seen = HashSet::new();
        for id in [
            &data.permissive,
            &data.public_domain,
            &data.copyleft_weak,
            &data.copyleft_strong,
            &data.copyleft_network,
            &data.restricted,
            &data.unknown,
        ]
        .into_iter()
        .flatten()
        {
            let known = [id.clone(), format!("{id}-only")].iter().any(|id| id::license(id).is_some());
            assert!(known && seen.insert(id.clone()), "{id}");
        }
        data.linking_exceptions.iter().for_each(|id| assert!(id::exception(id).is_some(), "{id}"));
    }

    #[test]
    fn what_asks_for_more_than_keeping_a_notice_is_not_permissive() {
        for (id, category) in [
            ("GPL-2.0-or-later", Category::CopyleftStrong),
            ("GPL-3.0", Category::CopyleftStrong),
            ("LGPL-2.1+", Category::CopyleftWeak),
            ("AGPL-3.0-only", Category::CopyleftNetwork),
            ("CC-BY-NC-SA-3.0-DE", Category::Restricted),
            ("CC-BY-SA-3.0-AT", Category::CopyleftStrong),
            ("BSD-3-Clause", Category::Permissive),
            ("0BSD", Category::Permissive),
            ("CC0-1.0", Category::PublicDomain),
            ("MPL-2.0", Category::CopyleftWeak),
            ("BUSL-1.1", Category::Restricted),
        ] {
            assert_eq!(Category::of(id), Some(category), "{id}");
        }
        let linked = Term::new("GPL-2.0-only", Some("Classpath-exception-2.0"));
        assert_eq!(Category::of_term(&linked), Some(Category::CopyleftWeak));
        // Approved by both: a license that is not for every use is neither.
        for id in id::licenses().filter(|id| id::is_osi_approved(id) && id::is_fsf_libre(id)) {
            let category = Category::of(id);
            assert!(!matches!(category, Some(Category::Restricted | Category::Proprietary)), "{id}: {category:?}");
        }
    }
}
