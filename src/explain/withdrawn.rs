//! The page of a rule about versions that their authors have withdrawn.

use super::Page;
use crate::scanner::advisories::withdrawn;

/// The page of a rule, with or without `advisory/`; `None` when there is none by this name.
pub fn page(id: &str) -> Option<Page> {
    let name = id.strip_prefix("advisory/").unwrap_or(id);
    let rule = withdrawn::rules().into_iter().find(|rule| rule.id.strip_prefix("advisory/") == Some(name))?;
    let accept = format!("[[ignore]]\nrule = \"{}\"\npackage = \"…\"\nreason = \"…\"", rule.id);
    let page = Page::new(&rule.title, Some(withdrawn::SEVERITY))
        .with("rule", [rule.id.clone()])
        .about(&rule, None)
        .with("to accept", ["in .scanall.toml, for one package:".to_owned(), accept]);
    Some(page)
}
