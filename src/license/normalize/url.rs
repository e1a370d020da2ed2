//! Reads `rules/licenses/urls.toml`: which license is at an address.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::expression::{Expression, Term};
use super::super::id;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Data {
    id_behind: Vec<String>,
    expression_behind: Vec<String>,
    creative_commons_behind: Vec<String>,
    urls: HashMap<String, String>,
}

const SOURCE: &str = include_str!("../../../rules/licenses/urls.toml");

static URLS: LazyLock<Data> =
    LazyLock::new(|| crate::config::parse_toml(SOURCE, "rules/licenses/urls.toml").unwrap_or_default());

/// The license at an address; `None` when the text is no address, or one that is not known.
pub(super) fn find(said: &str) -> Option<Expression> {
    let said = said.trim().trim_matches(['<', '>']);
    let scheme = ["http://", "https://", "www."]
        .iter()
        .any(|start| said.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start)));
    if !scheme || said.contains(char::is_whitespace) {
        return None;
    }
    let key = key(said);
    if let Some(expression) = URLS.urls.get(&key) {
        return Expression::parse(expression).ok();
    }
    let behind =
        |starts: &[String]| starts.iter().find_map(|start| key.strip_prefix(start.as_str()).map(str::to_owned));
    if let Some(rest) = behind(&URLS.expression_behind) {
        let text = rest.replace("%20", " ").replace('+', " ");
        return Expression::parse(&text).ok().filter(Expression::is_known);
    }
    if let Some(rest) = behind(&URLS.creative_commons_behind) {
        let mut parts = rest.split('/');
        let id = format!("CC-{}-{}", parts.next()?, parts.next()?);
        return id::license(&id).map(|id| Expression::of(Term::new(id, None)));
    }
    let id = id::license(&behind(&URLS.id_behind)?)?;
    Some(Expression::of(Term::new(id, None)))
}

/// An address without what differs for one page.
fn key(said: &str) -> String {
    let lower = said.to_ascii_lowercase();
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let page = bare.split('#').next().unwrap_or_default().trim_end_matches('/');
    let ends = [".en.html", ".html", ".htm", ".txt", ".php", ".md"];
    ends.iter().find_map(|end| page.strip_suffix(end)).unwrap_or(page).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_a_key_and_an_expression() {
        assert!(URLS.urls.len() > 500);
        for (address, expression) in &URLS.urls {
            assert_eq!(&key(address), address);
            assert!(Expression::parse(expression).unwrap().is_known(), "{expression}");
        }
    }
}
