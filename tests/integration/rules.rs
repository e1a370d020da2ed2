//! Every rule finds its examples, exactly, and nothing in its counter-examples.

use std::collections::BTreeSet;
use std::sync::Arc;

use scanall::rule::pack;
use scanall::rule::secret::SecretRule;
use scanall::scanner::secrets::matcher::Matcher;
use scanall::scanner::secrets::template::{expand, marked};

use crate::environment::{Sandbox, places};

fn found(rule: &Arc<SecretRule>, text: &str) -> Vec<String> {
    let matcher = Matcher::new(vec![Arc::clone(rule)]).unwrap();
    let secret = |m: &scanall::scanner::secrets::matcher::Match| text[m.secret.clone()].to_owned();
    matcher.scan(text.as_bytes()).iter().map(secret).collect()
}

#[test]
fn every_rule_keeps_its_examples() {
    let mut wrong = Vec::new();
    for rule in pack::embedded() {
        for (number, template) in rule.examples.iter().enumerate() {
            let seed = format!("{} {number}", rule.rule.id);
            let (text, secret) = marked(&expand(template, &seed).unwrap()).unwrap();
            if found(&rule, &text) != [secret] {
                wrong.push(format!(
                    "{} misses example {number}: {text:?} gives {:?}",
                    rule.rule.id,
                    found(&rule, &text)
                ));
            }
        }
        for (number, template) in rule.counter_examples.iter().enumerate() {
            let text = expand(template, &format!("{} not {number}", rule.rule.id)).unwrap();
            if !found(&rule, &text).is_empty() {
                wrong.push(format!("{} finds counter-example {number}: {text:?}", rule.rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} problems\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_is_complete() {
    let mut ids = BTreeSet::new();
    for rule in pack::embedded() {
        let id = &rule.rule.id;
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(rule.examples.len() >= 2 && rule.counter_examples.len() >= 2, "{id} needs more examples");
        assert!(rule.rule.url.is_some() && !rule.provider.is_empty() && !rule.rule.title.ends_with('.'), "{id}");
        let regex = regex::bytes::Regex::new(&rule.pattern).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert!(regex.capture_names().flatten().any(|name| name == "secret"), "{id} has no group `secret`");
    }
}

#[test]
fn there_are_rules_for_many_providers() {
    let rules = pack::embedded();
    let providers: BTreeSet<&str> = rules.iter().map(|rule| rule.provider.as_str()).collect();
    assert!(providers.len() >= 300 && rules.len() >= 600, "{} providers, {} rules", providers.len(), rules.len());
}

#[test]
fn a_users_pack_needs_little_and_wins() {
    let sandbox = Sandbox::new();
    sandbox.write("mine.toml", "[[rule]]\nid = \"canary\"\nregex = 'CANARY_[0-9]{2}_[A-Z_]+'\n");
    sandbox.write("r/x.txt", "see CANARY_01_PLAIN here");
    let (report, code) = sandbox.report("r", &["--only", "secrets", "--rules", "mine.toml"]);
    assert_eq!((places(&report), code), (vec!["secret/canary x.txt:1".to_owned()], 1));
}

#[test]
fn a_broken_pack_is_named_with_its_rule() {
    let sandbox = Sandbox::new();
    for (text, said) in [
        ("[[rule]]\nid = \"a\"\nregex = '('\n", "rule `a`"),
        ("[[rule]]\nid = \"a\"\nregex = '[a-z]+'\n", "no keyword"),
        ("[[rule]]\nid = \"a\"\nregexp = 'abc'\n", "did you mean `regex`?"),
    ] {
        sandbox.write("mine.toml", text);
        let run = sandbox.run([".", "--only", "secrets", "--rules", "mine.toml"]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(said), "{text}: {}", run.stderr);
    }
}

#[test]
fn the_binary_holds_what_the_packs_say() {
    let told = |rules: Vec<Arc<SecretRule>>| -> Vec<String> {
        let mut rules: Vec<SecretRule> = rules.into_iter().filter_map(Arc::into_inner).collect();
        rules.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
        rules.iter_mut().for_each(|rule| rule.places = None);
        rules.iter().map(|rule| format!("{rule:?}")).collect()
    };
    let packs = pack::load(&std::path::Path::new(crate::environment::ROOT).join("rules/secrets")).unwrap();
    let (built, read) = (told(pack::embedded()), told(packs));
    assert_eq!(built.len(), read.len());
    for (built, read) in built.iter().zip(&read) {
        assert_eq!(built, read);
    }
}
