//! The page of a license: its class, and what the project's policy says of it.

use super::Page;
use crate::error::Error;
use crate::scanner::Context;
use crate::scanner::licenses;
use crate::scanner::licenses::policy::{Policy, Ruling};

/// What the classes of licenses ask for.
const CLASSES: [(&str, &str); 6] = [
    ("permissive", "It asks for little more than to keep its text and the names of the authors."),
    ("public-domain", "It asks for nothing."),
    (
        "copyleft-weak",
        "Changes of the package itself are to be passed on under the same license, the program around it is not.",
    ),
    (
        "copyleft-strong",
        "A program that holds the package is to be passed on as a whole under the same license, with its source.",
    ),
    ("copyleft-network", "Whoever uses the program over a network is to get its source under the same license."),
    (
        "restricted",
        "It does not allow every use: some forbid production, commerce or changes. Somebody has to read it.",
    ),
];

/// The page of a license by its SPDX id in any case, with or without `license/`; `None` when there is none.
///
/// # Errors
/// The policy of the project is not valid.
pub fn page(context: &Context, id: &str) -> Result<Option<Page>, Error> {
    let name = id.strip_prefix("license/").unwrap_or(id);
    if id == licenses::UNDECLARED {
        let rule = licenses::undeclared_rule();
        return Ok(Some(Page::new(&rule.title, None).with("rule", [rule.id.clone()]).about(&rule, None)));
    }
    let Some(name) = names().find(|known| known.eq_ignore_ascii_case(name)) else { return Ok(None) };
    let policy = Policy::new(&context.config.licenses)?;
    let (verdict, severity) = match policy.rule_on(name) {
        Ruling::Refused { why, severity, .. } => (format!("{why}."), Some(severity)),
        Ruling::Allowed | Ruling::Unreadable => ("It is allowed.".to_owned(), None),
    };
    let class = policy.class_of(name);
    let means = CLASSES.iter().find(|(name, _)| Some(*name) == class).map(|(_, means)| (*means).to_owned());
    let class = class.map_or_else(|| "none that is known here".to_owned(), str::to_owned);
    let mut rule = licenses::refused_rule(name);
    if severity.is_none() {
        rule.help = "Nothing.".to_owned();
    }
    let page = Page::new(format!("License {name}"), severity)
        .with("rule", [rule.id.clone()])
        .with("class", [class])
        .with("policy", [verdict])
        .with("what it is", means)
        .with("what to do", [rule.help])
        .with("text", rule.url);
    let accept = format!(
        "[licenses]\nallow = [\"{name}\"]\nor, for one package:\n[[ignore]]\nrule = \"{}\"\npackage = \"…\"\nreason = \"…\"",
        rule.id
    );
    Ok(Some(match severity {
        Some(_) => page.with("to accept", ["in .scanall.toml, once somebody has read its terms:".to_owned(), accept]),
        None => page,
    }))
}

/// The ids of the licenses on SPDX' list.
pub fn names() -> impl Iterator<Item = &'static str> {
    spdx::identifiers::LICENSES.iter().map(|license| license.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_the_policy_is_explained() {
        let policy = Policy::new(&crate::config::Licenses::default()).unwrap();
        for id in ["MIT", "CC0-1.0", "MPL-2.0", "GPL-3.0-only", "AGPL-3.0-only", "BUSL-1.1"] {
            let class = policy.class_of(id).unwrap();
            assert!(CLASSES.iter().any(|(name, _)| *name == class), "{id}: {class}");
        }
    }
}
