//! Defines [`Policy`]: which licenses a project allows, and what it says of an SPDX expression.

use serde::Deserialize;
use spdx::{Expression, LicenseItem, LicenseReq, ParseMode};

use crate::config;
use crate::error::Error;
use crate::finding::Severity;
use crate::text;

/// The classes of licenses in `rules/licenses.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Classes {
    permissive: Vec<String>,
    public_domain: Vec<String>,
    copyleft_weak: Vec<String>,
    copyleft_strong: Vec<String>,
    copyleft_network: Vec<String>,
    restricted: Vec<String>,
    linking_exceptions: Vec<String>,
    default_deny: Vec<String>,
}

/// Which licenses a project allows.
pub struct Policy {
    classes: Classes,
    allow: Vec<String>,
    deny: Vec<String>,
    /// The project wrote the policy itself, so a violation weighs more.
    own: bool,
}

/// What a policy says of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Ruling {
    /// One choice of its licenses is allowed as a whole.
    Allowed,
    /// It is no SPDX expression.
    Unreadable,
    /// No choice is.
    Refused {
        /// The first license that stands in the way.
        license: String,
        /// Why it does, in words.
        why: String,
        /// High for a policy of the project's own, medium for the default one.
        severity: Severity,
    },
}

impl Policy {
    /// Makes a policy of a project's settings; what they leave out is the default.
    ///
    /// # Errors
    /// A setting names neither an SPDX license nor a category.
    pub fn new(settings: &config::Licenses) -> Result<Self, Error> {
        let classes: Classes = config::parse_toml(include_str!("../../../rules/licenses.toml"), "rules/licenses.toml")?;
        let own = settings.deny.is_some() || !settings.allow.is_empty();
        let policy = Self {
            deny: settings.deny.clone().unwrap_or_else(|| match settings.allow.is_empty() {
                true => classes.default_deny.clone(),
                false => Vec::new(),
            }),
            allow: settings.allow.clone(),
            classes,
            own,
        };
        policy.allow.iter().chain(&policy.deny).try_for_each(|entry| policy.check(entry))?;
        Ok(policy)
    }

    fn check(&self, entry: &str) -> Result<(), Error> {
        let refuse = || Error::usage(format!("`{entry}` under [licenses] is neither an SPDX license nor a category"));
        if let Some(category) = entry.strip_prefix("category:") {
            let names = self.categories().map(|(name, _)| name);
            if names.contains(&category) {
                return Ok(());
            }
            let near = text::nearest(category, names).unwrap_or("copyleft-strong");
            return Err(refuse().hint(format!("did you mean `category:{near}`?")));
        }
        if spdx::license_id(entry).is_some() || entry.starts_with("LicenseRef-") {
            return Ok(());
        }
        match spdx::imprecise_license_id(entry) {
            Some((near, _)) => Err(refuse().hint(format!("did you mean `{}`?", near.name))),
            None => Err(refuse().hint("the ids are listed at https://spdx.org/licenses")),
        }
    }

    /// Rules on an expression; `/` between licenses, as old crates write it, means OR.
    pub fn rule_on(&self, expression: &str) -> Ruling {
        let Ok(parsed) = Expression::parse_mode(expression, ParseMode::LAX) else { return Ruling::Unreadable };
        let Err(failed) = parsed.evaluate_with_failures(|license| self.objection(license).is_none()) else {
            return Ruling::Allowed;
        };
        let objection = failed.first().and_then(|f| Some((id_of(&f.req), self.objection(&f.req)?)));
        let (license, why) = objection.unwrap_or_else(|| (expression.to_owned(), "it is not allowed".to_owned()));
        Ruling::Refused { license, why, severity: if self.own { Severity::High } else { Severity::Medium } }
    }

    /// The class of a license; `None` when it is in none.
    pub fn class_of(&self, license: &str) -> Option<&'static str> {
        let parsed = Expression::parse_mode(license, ParseMode::LAX).ok()?;
        self.category(&parsed.requirements().next()?.req)
    }

    /// Why a license is not allowed; `None` when it is.
    fn objection(&self, license: &LicenseReq) -> Option<String> {
        let id = id_of(license);
        let category = self.category(license);
        let named = |list: &[String]| {
            list.iter().any(|entry| match entry.strip_prefix("category:") {
                Some(name) => Some(name) == category,
                None => *entry == id || base(entry) == entry && base(&id) == entry,
            })
        };
        if named(&self.deny) {
            return Some(match category {
                Some(category) => format!("{id} ({category}) is denied"),
                None => format!("{id} is denied"),
            });
        }
        (!self.allow.is_empty() && !named(&self.allow)).then(|| format!("{id} is not on the list of allowed licenses"))
    }

    fn category(&self, license: &LicenseReq) -> Option<&'static str> {
        let id = id_of(license);
        let name = self.categories().into_iter().find(|(_, ids)| ids.iter().any(|i| *i == id || *i == base(&id)))?.0;
        let exception = license.addition.as_ref().and_then(|a| a.id());
        let links = exception.is_some_and(|e| self.classes.linking_exceptions.iter().any(|name| name == e.name));
        Some(if links && name.starts_with("copyleft") { "copyleft-weak" } else { name })
    }

    fn categories(&self) -> [(&'static str, &[String]); 6] {
        let classes = &self.classes;
        [
            ("permissive", &classes.permissive),
            ("public-domain", &classes.public_domain),
            ("copyleft-weak", &classes.copyleft_weak),
            ("copyleft-strong", &classes.copyleft_strong),
            ("copyleft-network", &classes.copyleft_network),
            ("restricted", &classes.restricted),
        ]
    }
}

/// The id without `-only` and `-or-later`.
fn base(id: &str) -> &str {
    id.strip_suffix("-only").or_else(|| id.strip_suffix("-or-later")).unwrap_or(id)
}

fn id_of(license: &LicenseReq) -> String {
    match &license.license {
        LicenseItem::Spdx { id, or_later } => match (id.name, or_later) {
            (name, true) if !name.ends_with("-or-later") => format!("{name}-or-later"),
            (name, _) => name.to_owned(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], deny: Option<&[&str]>) -> Policy {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        Policy::new(&config::Licenses { allow: owned(allow), deny: deny.map(owned) }).unwrap()
    }

    #[test]
    fn the_default_policy() {
        let policy = policy(&[], None);
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "LGPL-2.1-or-later",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MPL-2.0 AND (ISC OR AGPL-3.0-only)",
        ] {
            assert_eq!(policy.rule_on(fine), Ruling::Allowed, "{fine}");
        }
        for (bad, culprit) in [
            ("GPL-3.0-only", "GPL-3.0-only"),
            ("MIT AND AGPL-3.0-or-later", "AGPL-3.0-or-later"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("BUSL-1.1", "BUSL-1.1"),
        ] {
            let Ruling::Refused { license, severity, .. } = policy.rule_on(bad) else { panic!("{bad}") };
            assert_eq!((license.as_str(), severity), (culprit, Severity::Medium));
        }
        assert_eq!(policy.rule_on("see the file"), Ruling::Unreadable);
    }

    #[test]
    fn a_list_of_allowed_licenses_refuses_the_rest() {
        let policy = policy(&["category:permissive", "MPL-2.0"], None);
        assert_eq!(policy.rule_on("MPL-2.0 OR GPL-3.0-only"), Ruling::Allowed);
        assert!(matches!(policy.rule_on("Unlicense"), Ruling::Refused { severity: Severity::High, .. }));
        assert!(matches!(policy.rule_on("LicenseRef-x"), Ruling::Refused { .. }));
    }

    #[test]
    fn entries_are_checked() {
        for (entry, hint) in
            [("category:copyleft", "category:copyleft"), ("Apache 2", "Apache-2.0"), ("nonsense", "spdx.org")]
        {
            let settings = config::Licenses { allow: vec![entry.to_owned()], deny: None };
            let error = Policy::new(&settings).err().unwrap();
            assert!(error.hints()[0].contains(hint), "{entry}: {:?}", error.hints());
        }
    }

    #[test]
    fn every_id_of_the_classes_is_on_the_spdx_list() {
        let policy = policy(&[], None);
        for (category, ids) in policy.categories() {
            for id in ids {
                let known = [id.clone(), format!("{id}-only")].iter().any(|id| spdx::license_id(id).is_some());
                assert!(known, "{category}: {id}");
            }
        }
        for id in &policy.classes.linking_exceptions {
            assert!(spdx::exception_id(id).is_some(), "{id}");
        }
    }
}
