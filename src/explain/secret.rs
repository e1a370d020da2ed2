//! The page of a secret rule, one of the binary's or of the user's.

use std::sync::Arc;

use super::Page;
use crate::finding::Secret;
use crate::rule::secret::{MinChars, SecretRule};
use crate::scanner::Context;
use crate::scanner::secrets::template;

/// The rules that a scan would use, by id.
pub fn rules(context: &Context) -> Vec<Arc<SecretRule>> {
    context.secret_rules()
}

/// The page of a rule, by its id with or without `secret/`; `None` when there is none.
pub fn page(context: &Context, id: &str) -> Option<Page> {
    let is_it = |rule: &Arc<SecretRule>| rule.rule.id == id || rule.id() == id;
    rules(context).into_iter().find(is_it).map(|rule| page_of(&rule))
}

/// The page of a rule.
pub fn page_of(rule: &SecretRule) -> Page {
    let id = &rule.rule.id;
    let examples =
        rule.examples.iter().enumerate().filter_map(|(index, example)| shape(example, &format!("{id}{index}")));
    Page::new(&rule.rule.title, Some(rule.severity))
        .with("rule", [format!("{id}, of {} confidence", rule.confidence.id())])
        .with("provider", [rule.provider.clone()])
        .about(&rule.rule, Some(&rule.remedy))
        .with("keywords", [rule.keywords.join(", ")])
        .with("pattern", [rule.pattern.clone()])
        .with("only if", conditions(rule))
        .with("verified by", asked(rule))
        .with("looks like", examples)
        .with(
            "to accept",
            [
                format!(
                    "one finding: scanall ignore FINGERPRINT --reason '…', or `scanall:ignore[{id}] …` on its line"
                ),
                "all of them somewhere: in .scanall.toml".to_owned(),
                format!("[[ignore]]\nrule = \"{id}\"\npath = \"tests/**\"\nreason = \"…\""),
            ],
        )
}

/// Who is asked with `--verify`; nothing when nobody is.
fn asked(rule: &SecretRule) -> Option<String> {
    let verify = rule.details().verify.as_ref()?;
    let hosts: Vec<String> = verify.hosts.iter().map(ToString::to_string).collect();
    Some(format!("asking {}, with --verify alone", hosts.join(" or ")))
}

/// What a match must have to be told.
fn conditions(rule: &SecretRule) -> Vec<String> {
    let MinChars { digit, letter, upper, lower } = rule.min_chars;
    let classes = [(digit, "digit"), (letter, "letter"), (upper, "upper-case letter"), (lower, "lower-case letter")];
    let least = classes.into_iter().filter(|(count, _)| *count > 0);
    let mut lines: Vec<String> =
        least.map(|(count, what)| format!("it has {} or more", crate::text::count(count, what))).collect();
    if rule.min_entropy > 0.0 {
        lines.push(format!("it has an entropy of {} bits a byte or more", rule.min_entropy));
    }
    if rule.max_chars_per_token > 0.0 {
        lines.push(format!("it has at most {} characters a token of the vocabulary", rule.max_chars_per_token));
    }
    if rule.weigh {
        lines.push("its value, its name, its line and its file make it likely enough".to_owned());
    }
    for need in &rule.details().needs {
        let what = if need.optional { "is surer with" } else { "has" };
        lines.push(format!("it {what} a match of {} near", need.rule));
    }
    if !rule.stop_words.is_empty() {
        lines.push(format!("it holds none of {}", rule.stop_words.join(", ")));
    }
    if !rule.not_lines.is_empty() {
        lines.push("its line fits no pattern that takes it out".to_owned());
    }
    lines
}

/// An example with its secret cut down, so that no scanner takes the page for a leak; `None` for one that is not valid.
fn shape(example: &str, seed: &str) -> Option<String> {
    let text = template::expand(example, seed).ok()?;
    let (_, secret) = template::marked(&text).ok()?;
    let redacted = Secret::new(secret.as_bytes()).redacted();
    let (before, rest) = text.split_once('«')?;
    let behind = rest.split_once('»')?.1;
    Some(format!("{before}{redacted}{behind}").lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::style::Style;
    use crate::rule::pack;

    #[test]
    fn no_page_of_a_rule_holds_what_the_rule_finds() {
        for rule in pack::embedded() {
            let page = page_of(&rule);
            let text = page.write(Style::PLAIN);
            for (index, example) in rule.examples.iter().enumerate() {
                let expanded = template::expand(example, &format!("{}{index}", rule.rule.id)).unwrap();
                let (_, secret) = template::marked(&expanded).unwrap();
                assert!(!text.contains(&secret), "{}: {text}", rule.rule.id);
            }
            assert!(page.paragraphs.iter().any(|(heading, _)| *heading == "looks like"), "{}", rule.rule.id);
        }
    }
}
