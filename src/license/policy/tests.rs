use super::*;

fn policy(toml: &str) -> Policy {
    Policy::new(&config::Config::read(toml, ".scanall.toml").unwrap().licenses).unwrap()
}

fn refusal(toml: &str) -> String {
    let error = Policy::new(&config::Config::read(toml, ".scanall.toml").unwrap().licenses).unwrap_err();
    format!("{error} | {}", error.hints().join(" | "))
}

fn verdict(policy: &Policy, scope: Scope, expression: &str) -> Verdict {
    policy.verdict(&Expression::parse(expression).unwrap(), scope).0
}

fn judge(policy: &Policy, purl: &str, expression: &str, hash: Option<&str>) -> Judgement {
    policy.judge(&Subject {
        purl,
        version: "1.2.3",
        scope: Scope::Runtime,
        expression: &Expression::parse(expression).unwrap(),
        evidence_hash: hash,
        today: jiff::civil::date(2026, 5, 1),
    })
}

#[test]
fn the_default_policy_is_that_of_a_closed_product() {
    let policy = policy("");
    for (expression, runtime, dev, build) in [
        ("MIT", Verdict::Allow, Verdict::Allow, Verdict::Allow),
        ("GPL-3.0-only OR MIT", Verdict::Allow, Verdict::Allow, Verdict::Allow),
        ("MPL-2.0 AND (ISC OR AGPL-3.0-only)", Verdict::Allow, Verdict::Allow, Verdict::Allow),
        ("GPL-2.0-only WITH Classpath-exception-2.0", Verdict::Allow, Verdict::Allow, Verdict::Allow),
        ("GPL-3.0-or-later", Verdict::Deny, Verdict::Allow, Verdict::Review),
        ("GPL-3.0", Verdict::Deny, Verdict::Allow, Verdict::Review),
        ("MIT AND AGPL-3.0-or-later", Verdict::Deny, Verdict::Allow, Verdict::Review),
        ("BUSL-1.1", Verdict::Deny, Verdict::Review, Verdict::Review),
        ("LicenseRef-proprietary", Verdict::Review, Verdict::Review, Verdict::Review),
        ("UNKNOWN", Verdict::Review, Verdict::Review, Verdict::Review),
        ("UNKNOWN OR MIT", Verdict::Allow, Verdict::Allow, Verdict::Allow),
        ("UNKNOWN AND MIT", Verdict::Review, Verdict::Review, Verdict::Review),
        ("UNKNOWN AND GPL-2.0-only", Verdict::Deny, Verdict::Review, Verdict::Review),
    ] {
        for (scope, expected) in [(Scope::Runtime, runtime), (Scope::Dev, dev), (Scope::Build, build)] {
            assert_eq!(verdict(&policy, scope, expression), expected, "{expression} {scope:?}");
        }
    }
}

#[test]
fn a_family_is_what_its_members_have_in_common() {
    let usual = policy("");
    assert_eq!(verdict(&usual, Scope::Runtime, "BSD"), Verdict::Allow);
    assert_eq!(verdict(&usual, Scope::Runtime, "GPL"), Verdict::Deny);
    let strict = policy("[licenses]\nallow = ['MIT', 'BSD-3-Clause']\n");
    assert_eq!(verdict(&strict, Scope::Runtime, "BSD"), Verdict::Review);
    let named = policy("[licenses]\nallow = ['MIT', 'BSD']\n");
    assert_eq!(verdict(&named, Scope::Runtime, "BSD"), Verdict::Allow);
}

#[test]
fn a_list_of_allowed_licenses_refuses_the_rest() {
    let policy = policy("[licenses]\nallow = ['category:permissive', 'MPL-2.0']\n");
    for (expression, expected) in [
        ("MPL-2.0 OR GPL-3.0-only", Verdict::Allow),
        ("Unlicense", Verdict::Deny),
        ("LicenseRef-x", Verdict::Deny),
        ("NOASSERTION", Verdict::Review),
    ] {
        assert_eq!(verdict(&policy, Scope::Runtime, expression), expected, "{expression}");
    }
}

#[test]
fn an_id_says_more_than_a_category() {
    let policy = policy(
        "[licenses]\nallow = ['category:permissive', 'GPL-3.0-only', 'GPL-2.0-only WITH Classpath-exception-2.0']\n\
         review = ['BSD-4-Clause']\ndeny = ['category:copyleft-strong']\n",
    );
    for (expression, expected) in [
        ("BSD-4-Clause", Verdict::Review),
        ("GPL-3.0-only", Verdict::Allow),
        // Version 3 may be chosen.
        ("GPL-2.0-or-later", Verdict::Allow),
        ("GPL-2.0-only", Verdict::Deny),
        ("GPL-2.0-only WITH Classpath-exception-2.0", Verdict::Allow),
        // The text does not say which; one of them is allowed.
        ("GPL-3.0", Verdict::Allow),
    ] {
        assert_eq!(verdict(&policy, Scope::Runtime, expression), expected, "{expression}");
    }
}

#[test]
fn a_bare_gnu_id_means_both_forms() {
    let policy = policy("[licenses]\nallow = ['MIT', 'LGPL-2.1']\n");
    for expression in
        ["LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-2.1", "LGPL-2.1-only WITH OCaml-LGPL-linking-exception"]
    {
        assert_eq!(verdict(&policy, Scope::Runtime, expression), Verdict::Allow, "{expression}");
    }
    assert_eq!(verdict(&policy, Scope::Runtime, "LGPL-3.0-only"), Verdict::Deny);
}

#[test]
fn scopes_have_lists_of_their_own() {
    let policy =
        policy("[licenses]\nallow = ['MIT']\n[licenses.dev]\nallow = ['MIT', 'GPL-3.0-only']\nunknown = 'allow'\n");
    assert_eq!(verdict(&policy, Scope::Runtime, "GPL-3.0-only"), Verdict::Deny);
    assert_eq!(verdict(&policy, Scope::Build, "GPL-3.0-only"), Verdict::Deny);
    assert_eq!(verdict(&policy, Scope::Dev, "GPL-3.0-only"), Verdict::Allow);
    assert_eq!(verdict(&policy, Scope::Dev, "whatever"), Verdict::Allow);
}

#[test]
fn reasons_are_words() {
    let why = |expression: &str| policy("").verdict(&Expression::parse(expression).unwrap(), Scope::Runtime).1;
    assert_eq!(why("MIT AND GPL-3.0-only"), "GPL-3.0-only (copyleft-strong) is denied");
    assert_eq!(why("NOASSERTION"), "nothing is known of its license");
    assert_eq!(why("Foo-1"), "Foo-1 is no license that is known");
    let judgement = judge(&policy(""), "pkg:cargo/a", "MIT AND GPL-2.0+", None);
    assert_eq!(judgement.term.unwrap().to_string(), "GPL-2.0-or-later");
}

const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn exceptions_are_of_packages_for_a_time_and_on_evidence() {
    let policy = policy(&format!(
        "[[licenses.exceptions]]\npackage = 'pkg:cargo/a@1.*'\nreason = 'a tool'\nexpires = 2026-05-01\n\
         [[licenses.exceptions]]\npackage = 'pkg:npm/@x/*'\nlicenses = ['GPL-3.0']\nreason = 'ours'\nevidence = '{HASH}'\n\
         [[licenses.exceptions]]\npackage = 'pkg:cargo/old'\nreason = 'past'\nexpires = 2026-04-30\n\
         [[licenses.exceptions]]\npackage = 'pkg:cargo/gone'\nreason = 'nobody'\n"
    ));
    let all = [
        (judge(&policy, "pkg:cargo/a", "GPL-3.0-only", None), Some(0)),
        (judge(&policy, "pkg:npm/%40x/y", "GPL-3.0-or-later", Some(HASH)), Some(1)),
        (judge(&policy, "pkg:npm/%40x/y", "GPL-3.0-or-later", Some(&HASH.replace('e', "f"))), None),
        (judge(&policy, "pkg:npm/%40x/y", "GPL-3.0-or-later", None), None),
        (judge(&policy, "pkg:npm/%40x/y", "GPL-3.0-only AND AGPL-3.0-only", Some(HASH)), None),
        (judge(&policy, "pkg:cargo/ab", "GPL-3.0-only", None), None),
        (judge(&policy, "pkg:cargo/old", "GPL-3.0-only", None), None),
        (judge(&policy, "pkg:cargo/gone", "MIT", None), None),
    ];
    for (judgement, exception) in &all {
        assert_eq!(judgement.exception, *exception, "{judgement:?}");
    }
    let judgements: Vec<Judgement> = all.into_iter().map(|(judgement, _)| judgement).collect();
    let stale = policy.stale(&judgements, jiff::civil::date(2026, 5, 1));
    let told: Vec<_> = stale.iter().map(|one| (one.package.as_str(), one.reason)).collect();
    assert_eq!(told, [("pkg:cargo/old", Reason::Expired), ("pkg:cargo/gone", Reason::Unused)]);
}

#[test]
fn a_clarification_is_judged_instead() {
    let policy = policy("[[licenses.clarify]]\npackage = 'pkg:cargo/a'\nexpression = 'MIT AND ISC'\n");
    let judgement = judge(&policy, "pkg:cargo/a", "NOASSERTION", None);
    assert_eq!((judgement.verdict, judgement.clarification), (Verdict::Allow, Some(0)));
    assert_eq!(judgement.expression.to_string(), "MIT AND ISC");
}

#[test]
fn settings_are_checked() {
    for (toml, hint) in [
        ("[licenses]\nallow = ['category:copyleft']\n", "did you mean `category:copyleft"),
        ("[licenses]\nallow = ['Apache 2']\n", "did you mean `Apache-2.0`?"),
        ("[licenses]\nallow = ['mit']\n", "did you mean `MIT`?"),
        ("[licenses]\nallow = ['zzzzzzzzzzzzzz nonsense']\n", "spdx.org"),
        ("[licenses]\nallow = ['MIT']\ndeny = ['MIT']\n", "two lists"),
        ("[[licenses.exceptions]]\npackage = 'a'\nreason = 'x'\n", "pkg:cargo/ring"),
        ("[[licenses.exceptions]]\npackage = 'pkg:cargo/a'\nreason = ' '\n", "empty reason"),
        ("[[licenses.exceptions]]\npackage = 'pkg:cargo/a'\nreason = 'x'\nevidence = 'abc'\n", "sha256sum"),
        ("[[licenses.clarify]]\npackage = 'pkg:cargo/a'\nexpression = 'Foo'\n", "LicenseRef"),
        ("[[licenses.clarify]]\npackage = 'pkg:cargo/a'\nexpression = 'MIT OR'\n", "no SPDX expression"),
    ] {
        assert!(refusal(toml).contains(hint), "{toml}: {}", refusal(toml));
    }
}
