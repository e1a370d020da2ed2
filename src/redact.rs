//! Masks credentials in what other tools say.
//!
//! A tool quotes the line that it objects to, a description quotes the line, a message quotes the value: a report is
//! shown in places where the code is not. Our own findings are made of redacted parts from the beginning.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Error;
use crate::finding::{Excerpt, Finding, Source};
use crate::rule::Rule;
use crate::scanner::secrets::{self, matcher::Matcher};

/// What stands in the place of a credential.
const MASK: &str = "[redacted]";
/// A run of characters is no credential below this length, in bytes: a rule that knows shorter ones knows what stands in
/// front of them, too.
const SHORTEST: u32 = 16;
/// Weaknesses that are credentials in the code: what stands between quotes on such a line is one.
const HARD_CODED: [u32; 5] = [259, 321, 547, 798, 1392];

/// Masks credentials in what other tools say. The rules are asked for only where another tool says something.
///
/// # Errors
/// The rules cannot be had.
pub fn redact<'m>(findings: &mut [Finding], rules: impl FnOnce() -> Result<&'m Matcher, Error>) -> Result<(), Error> {
    let is_told = |finding: &&mut Finding| !finding.sources.iter().all(Source::is_own);
    let mut told = findings.iter_mut().filter(is_told).peekable();
    if told.peek().is_some() {
        let mut redactor = Redactor { matcher: rules()?, rules: HashMap::new() };
        told.for_each(|finding| redactor.clean(finding));
    }
    Ok(())
}

struct Redactor<'a> {
    matcher: &'a Matcher,
    /// By the address of a rule, that rule, which so stays where it is, and what is shown of it.
    rules: HashMap<*const Rule, (Arc<Rule>, Arc<Rule>)>,
}

impl Redactor<'_> {
    /// Masks what a finding quotes.
    fn clean(&mut self, finding: &mut Finding) {
        if let Some(clean) = self.masked(&finding.message) {
            finding.message = clean;
        }
        if let Some(clean) = finding.remedy.as_deref().and_then(|remedy| self.masked(remedy)) {
            finding.remedy = Some(clean);
        }
        let is_hard_coded = finding.rule.cwe.iter().any(|cwe| HARD_CODED.contains(cwe));
        if let Some(excerpt) = &finding.excerpt {
            let masked = self.masked(excerpt.as_str());
            let text = masked.as_deref().unwrap_or(excerpt.as_str());
            let unquoted = if is_hard_coded { Some(without_quoted(text)) } else { None };
            if let Some(clean) = unquoted.or_else(|| masked.clone()) {
                finding.excerpt = Some(Excerpt::told(&clean));
            }
        }
        if is_hard_coded {
            finding.message = without_quoted(&finding.message);
        }
        let key = Arc::as_ptr(&finding.rule);
        let known = self.rules.get(&key).map(|(_, clean)| Arc::clone(clean));
        finding.rule = known.unwrap_or_else(|| {
            let clean = self.clean_rule(&finding.rule);
            self.rules.insert(key, (Arc::clone(&finding.rule), Arc::clone(&clean)));
            clean
        });
    }

    /// A rule of which some text quotes a credential is replaced by one that does not.
    fn clean_rule(&self, rule: &Arc<Rule>) -> Arc<Rule> {
        let texts = [&rule.title, &rule.description, &rule.help];
        let masked = texts.map(|text| self.masked(text));
        if masked.iter().all(Option::is_none) {
            return Arc::clone(rule);
        }
        let [title, description, help] = masked;
        Arc::new(Rule {
            title: title.unwrap_or_else(|| rule.title.clone()),
            description: description.unwrap_or_else(|| rule.description.clone()),
            help: help.unwrap_or_else(|| rule.help.clone()),
            ..Rule::clone(rule)
        })
    }

    /// The text with its credentials masked; `None` when it has none.
    fn masked(&self, text: &str) -> Option<String> {
        if !is_suspicious(text.as_bytes()) {
            return None;
        }
        let mut places: Vec<_> = secrets::credentials(self.matcher, text.as_bytes());
        if places.is_empty() {
            return None;
        }
        places.sort_by_key(|place| (place.start, place.end));
        let (mut clean, mut from) = (String::with_capacity(text.len()), 0);
        for place in places {
            if let Some(before) = text.get(from..place.start) {
                clean.push_str(before);
                clean.push_str(MASK);
            }
            from = from.max(place.end);
        }
        clean.push_str(text.get(from..).unwrap_or_default());
        Some(clean)
    }
}

/// Whether a text has something that could be a credential: prose has words, and numbers that are short.
fn is_suspicious(text: &[u8]) -> bool {
    let (mut length, mut strange, mut found) = (0u32, false, false);
    for byte in text {
        let class = CLASSES[usize::from(*byte)];
        let is_inside = class != BLANK;
        length = if is_inside { length + 1 } else { 0 };
        strange = is_inside & (strange | (class >= STRANGE));
        found |= (class == QUOTING) | (strange & (length >= SHORTEST));
    }
    found
}

const BLANK: u8 = 1;
/// In a run of characters, says that it is no word.
const STRANGE: u8 = 2;
/// Stands before a password that may be a word.
const QUOTING: u8 = 3;

/// What a byte means to [`is_suspicious`].
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\n' | b'\t' | b'\r' => BLANK,
            b'0'..=b'9' | b'\'' | b':' | b'`' => STRANGE,
            b'=' | b'"' => QUOTING,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Masks what stands between quotes.
fn without_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let quote = &rest[at..=at];
        let behind = &rest[at + 1..];
        out.push_str(&rest[..at]);
        let Some(end) = behind.find(quote) else {
            // A quote that is not closed was cut off.
            let is_word =
                behind.chars().next().is_some_and(char::is_alphanumeric) && out.ends_with(char::is_alphanumeric);
            out.push_str(quote);
            if is_word {
                rest = behind;
                continue;
            }
            out.push_str(if behind.is_empty() { "" } else { MASK });
            return out;
        };
        let inside = &behind[..end];
        let keep = inside.is_empty() || inside == MASK;
        out.push_str(quote);
        out.push_str(if keep { inside } else { MASK });
        out.push_str(quote);
        rest = &behind[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Kind, Location, RepoPath, Severity};
    use crate::rule::pack;

    fn cleaned(message: &str, excerpt: &str, cwe: Vec<u32>) -> Finding {
        let matcher = Matcher::new(pack::embedded()).unwrap();
        let rule = Rule { id: "code/x/y".to_owned(), title: message.to_owned(), cwe, ..Rule::default() };
        let source = Source { tool: "x".to_owned(), rule: "y".to_owned() };
        let place = Location::here(RepoPath::new("a.py"), None);
        let mut finding = Finding::new(Arc::new(rule), Kind::Code, Severity::High, message.to_owned(), place, source);
        finding.excerpt = Some(Excerpt::plain(excerpt));
        redact(std::slice::from_mut(&mut finding), || Ok(&matcher)).unwrap();
        finding
    }

    #[test]
    fn nothing_that_a_rule_knows_is_quoted() {
        let token = format!("ghp_{}", "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX");
        let finding = cleaned(&format!("Leaks {token}"), &format!("token = \"{token}\""), Vec::new());
        let shown = format!("{} {:?} {:?}", finding.message, finding.rule, finding.excerpt);
        assert!(!shown.contains(&token) && shown.contains(MASK), "{shown}");
    }

    #[test]
    fn what_a_check_calls_a_password_is_none_of_ours_to_show() {
        let finding = cleaned("Possible hardcoded password: 'tr1ck'", "password = 'tr1ck'  # it's x", vec![259]);
        assert_eq!(finding.message, "Possible hardcoded password: '[redacted]'");
        assert!(finding.excerpt.unwrap().as_str().starts_with("password = '[redacted]'"));
    }

    #[test]
    fn other_text_stays() {
        let finding = cleaned("CVE-2021-12345 in x 1.2.3: don't", "x = \"y\"", vec![79]);
        assert_eq!(
            (finding.message.as_str(), finding.excerpt.unwrap().as_str()),
            ("CVE-2021-12345 in x 1.2.3: don't", "x = \"y\"")
        );
    }
}
