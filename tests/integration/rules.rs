//! Every rule finds its examples, exactly, and nothing in its counter-examples.

use std::collections::BTreeSet;
use std::sync::Arc;

use scanall::rule::pack;
use scanall::rule::secret::SecretRule;
use scanall::scanner::secrets::trial;

use crate::environment::{Run, Sandbox, places};

#[test]
fn every_rule_keeps_its_examples() {
    let problems: Vec<String> = pack::embedded().iter().flat_map(trial::problems).collect();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
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

const PAIR: &str = r#"
[[rule]]
id = "acme-id"
regex = 'ACME_ID_[0-9]{6}'
hidden = true

[[rule]]
id = "acme-key"
confidence = "medium"
regex = 'acme key (?P<secret>[a-z]{8})'
needs = [{ rule = "acme-id", within_lines = 2, same = "SAME" }]

[[rule]]
id = "other-key"
confidence = "medium"
regex = 'other key (?P<secret>[a-z]{8})'
needs = [{ rule = "acme-id", optional = true }]
"#;

#[test]
fn a_rule_finds_what_it_needs_near() {
    let sandbox = Sandbox::new();
    sandbox.write("file.toml", PAIR.replace("SAME", "file"));
    sandbox.write("directory.toml", PAIR.replace("SAME", "directory"));
    sandbox.write("r/near/a.txt", "ACME_ID_123456\n\nacme key qwmnbvcx\n");
    sandbox.write("r/far/a.txt", "ACME_ID_123456\n\n\n\nacme key qwmnbvcz\n");
    sandbox.write("r/beside/id.txt", "ACME_ID_123456\n");
    sandbox.write("r/beside/key.txt", "acme key qwmnbvcy\n");
    sandbox.write("r/alone/key.txt", "acme key qwmnbvct\nother key qwmnbvcr\n");
    let secrets = |rules: &str| {
        let (report, _) = sandbox.report("r", &["--only", "secrets", "--rules", rules]);
        places(&report)
    };
    let other = "secret/other-key alone/key.txt:2".to_owned();
    assert_eq!(secrets("file.toml"), [other.clone(), "secret/acme-key near/a.txt:3".to_owned()]);
    // In the folder it is near, however many lines are between them.
    let near = ["beside/key.txt:1", "far/a.txt:5", "near/a.txt:3"].map(|place| format!("secret/acme-key {place}"));
    assert_eq!(secrets("directory.toml"), [&[other][..], &near[..]].concat());
}

#[test]
fn a_guess_that_another_goes_on_with_is_none() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.env", "DB_PASSWORD=Meadow7&Kestrel4\n");
    sandbox.write("r/form.txt", "user=ada&password=Meadow7&next=/\n");
    let (report, _) = sandbox.report("r", &["--only", "secrets", "--show-secrets"]);
    let told: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["location"]["path"].as_str().unwrap(), one["secret"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [(".env", "Meadow7&Kestrel4"), ("form.txt", "Meadow7")]);
}

#[test]
fn confidence_says_what_is_told() {
    let sandbox = Sandbox::new();
    // Made of pieces, so that nobody takes this file for a leak.
    let random = ["q7Xv0RzK2m", "Wt9LbYpE4s", "8HdG"].concat();
    sandbox.write("r/a.py", format!("service_token = '{random}'\n"));
    sandbox.write("r/tests/a.py", format!("other_token = '{}'\n", random.to_ascii_lowercase()));
    sandbox.write("r/b.py", "password = 'change-me-now'\npassword = get()\ntoken = 'some_identifier'\n");
    let told = |confidence: &[&str]| {
        let args = [&["--only", "secrets"][..], confidence].concat();
        places(&sandbox.report("r", &args).0)
    };
    let (sure, unsure) = ("secret/generic-secret a.py:1".to_owned(), "secret/generic-secret tests/a.py:1".to_owned());
    assert_eq!(told(&[]), std::slice::from_ref(&sure));
    assert_eq!(told(&["--confidence", "low"]), [sure, unsure]);
    assert_eq!(told(&["--confidence", "high"]), [""; 0]);
}

#[test]
fn rules_are_listed_shown_and_tested() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "good.toml",
        "provider = \"Acme\"\n[[rule]]\nid = \"acme-key\"\nregex = '\\b(?P<secret>acme_[0-9a-z]{20})\\b'\n\
         examples = ['key = \"«acme_{{lowernum:20}}»\"']\ncounter_examples = ['acme_{{lowernum:21}}']\n",
    );
    sandbox.write(
        "bad.toml",
        "[[rule]]\nid = \"acme-key\"\nregex = '\\b(?P<secret>acme_[0-9a-z]{20})'\n\
         examples = ['key = \"«acme_{{lowernum:19}}»\"']\ncounter_examples = ['acme_{{lowernum:21}}']\n",
    );
    let run = |args: &[&str]| {
        let run = Run::of(sandbox.command().args(args));
        (run.stdout, run.code)
    };
    let (text, code) = run(&["rules", "test", "good.toml"]);
    assert_eq!((text.as_str(), code), ("2 examples of 1 rule: all as they should be\n", 0));
    let (text, code) = run(&["rules", "test", "bad.toml"]);
    assert!(
        text.contains("example 1 gives nothing") && text.contains("finds counter-example 1") && code == 1,
        "{text}"
    );
    let (text, code) = run(&["rules", "list", "--rules", "good.toml"]);
    assert!(text.contains("acme-key") && text.contains("github-pat") && code == 0);
    let (text, _) = run(&["rules", "list", "--json", "--rules", "good.toml"]);
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(list["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "secret/acme-key"));
    let (text, code) = run(&["rules", "show", "acme-key", "--rules", "good.toml"]);
    assert!(text.contains("Acme") && code == 0, "{text}");
    assert_eq!(run(&["rules", "show", "github-pta"]).1, 2);
}
