//! The page of a license: its class, and what the project's policy says of it.

use super::Page;
use crate::error::Error;
use crate::finding::Severity;
use crate::license::category::Category;
use crate::license::expression::{Expression, Term};
use crate::license::policy::{Policy, Scope, Verdict};
use crate::scanner::Context;
use crate::scanner::licenses;

/// What the classes of licenses ask for.
const CLASSES: [(&str, &str); 7] = [
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
    ("proprietary", "It is not open: whoever uses it needs an agreement with its owner."),
];

/// The page of a license by its SPDX id in any case, with or without `license/`; `None` when there is none.
///
/// # Errors
/// The policy of the project is not valid.
pub fn page(context: &Context, id: &str) -> Result<Option<Page>, Error> {
    let name = id.strip_prefix("license/").unwrap_or(id);
    let name = name.strip_prefix("review/").unwrap_or(name);
    let general = [licenses::undeclared_rule(), licenses::mismatch_rule()];
    if let Some(rule) = general.iter().find(|rule| rule.id == id) {
        return Ok(Some(Page::new(&rule.title, None).with("rule", [rule.id.clone()]).about(rule, None)));
    }
    let Some(name) = names().find(|known| known.eq_ignore_ascii_case(name)) else { return Ok(None) };
    let policy = Policy::new(&context.config.licenses)?;
    let expression = Expression::of(Term::new(name, None));
    let (verdict, why) = policy.verdict(&expression, Scope::Runtime);
    let mut rule = match verdict {
        Verdict::Review => licenses::review_rule(name),
        _ => licenses::refused_rule(name),
    };
    let (verdict, severity) = match verdict {
        Verdict::Allow => ("It is allowed.".to_owned(), None),
        Verdict::Review => (format!("{why}, so that somebody has to look at it."), Some(Severity::Low)),
        Verdict::Deny => (format!("{why}."), Some(licenses::denied(&policy))),
    };
    let class = Category::of(name).map(Category::name);
    let means = CLASSES.iter().find(|(name, _)| Some(*name) == class).map(|(_, means)| (*means).to_owned());
    let class = class.map_or_else(|| "none that is known here".to_owned(), str::to_owned);
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
    fn every_category_is_explained() {
        for category in Category::ALL {
            assert!(CLASSES.iter().any(|(name, _)| *name == category.name()), "{category}");
        }
    }
}
