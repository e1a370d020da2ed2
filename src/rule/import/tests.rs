//! What files of other tools say, what is refused, and that no file panics.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::scanner::secrets::matcher::{Marks, Matcher, Scratch};

fn gitleaks(source: &str) -> Result<Imported, Error> {
    let home = Home { file: Path::new("x.toml"), root: Path::new("."), bound: true };
    build::imported(extend::load(source, "x.toml", &home)?, "x.toml")
}

/// The rules and secrets that are found in a text.
fn found(imported: &Imported, text: &str) -> Vec<(String, String)> {
    let matcher = Matcher::new(imported.rules.clone()).unwrap();
    let one = |m: &crate::scanner::secrets::matcher::Match| {
        (matcher.rules()[m.rule].id().to_owned(), text[m.secret.clone()].to_owned())
    };
    matcher.scan(text.as_bytes()).iter().map(one).collect()
}

fn secrets(imported: &Imported, text: &str) -> Vec<String> {
    found(imported, text).into_iter().map(|(_, secret)| secret).collect()
}

#[test]
fn formats_are_told_by_their_content() {
    for (source, format) in [
        ("# a\n[[rule]]\nid = 'x'", Format::Pack),
        ("title = 'x'\n[[ rules ]]\nid = 'x'", Format::Gitleaks),
        ("[extend]\nuseDefault = true", Format::Gitleaks),
        ("[allowlist]\npaths = []", Format::Gitleaks),
        ("prefilter = '''x'''", Format::Gitleaks),
        ("# y\nrules:\n- name: x", Format::NoseyParker),
        ("nothing", Format::Pack),
    ] {
        assert_eq!(Format::of(source), format, "{source}");
    }
}

#[test]
fn gitleaks_keywords_are_anywhere_and_entropy_must_be_exceeded() {
    let imported = gitleaks(
        "[[rules]]\nid = 'a'\nregex = '''k=([a-z]{4})'''\nkeywords = ['MARK']\nentropy = 1.0\n\
         [[rules]]\nid = 'b'\nregex = '''[0-9]{6}'''\n",
    )
    .unwrap();
    let far = format!("k=abcd {} k=aabb mark 123456", "-".repeat(40_000));
    assert_eq!(secrets(&imported, &far), ["abcd", "123456"]);
    assert_eq!(secrets(&imported, "k=abcd"), [""; 0]);
}

#[test]
fn groups_are_chosen_as_gitleaks_does() {
    let rule = |rest: &str| gitleaks(&format!("[[rules]]\nid = 'a'\n{rest}")).unwrap();
    assert_eq!(secrets(&rule("regex = '''u:(\\w*) p:(\\w+)'''"), "u: p:xyz"), ["xyz"]);
    assert_eq!(secrets(&rule("regex = '''u:(\\w*) p:(\\w+)'''\nsecretGroup = 2"), "u:abc p:xyz"), ["xyz"]);
    assert_eq!(secrets(&rule("regex = '''\\n*k=\\nv+\\n+'''"), "\n\nk=\nvvv\n\n"), ["k=\nvvv"]);
    // Matched on its own, the match has no line end behind it.
    assert_eq!(secrets(&rule("regex = '''k=\\n(v+)\\n+'''"), "k=\nvvv\n"), ["k=\nvvv"]);
}

#[test]
fn the_more_specific_rule_counts() {
    let imported = gitleaks(
        "[[rules]]\nid = 'generic-a'\nregex = '''key=(\\w+)'''\n[[rules]]\nid = 'b'\nregex = '''tok_\\w+'''\n",
    )
    .unwrap();
    assert_eq!(found(&imported, "key=tok_12 "), [("b".to_owned(), "tok_12".to_owned())]);
    assert_eq!(secrets(&imported, "key=abc\ntok_12 "), ["abc", "tok_12"]);
}

#[test]
fn allowlists_hold_for_secret_match_and_line() {
    let rule = |list: &str| {
        gitleaks(&format!("[[rules]]\nid = 'a'\nregex = '''key=(\\w+)'''\n[[rules.allowlists]]\n{list}")).unwrap()
    };
    let text = "key=One # sample\nkey=two\n";
    for (list, left) in [
        ("regexes = ['''^t''']", &["One"][..]),
        ("stopwords = ['ONE']", &["two"]),
        ("regexTarget = 'match'\nregexes = ['''^key=O''']", &["two"]),
        ("regexTarget = 'line'\nregexes = ['''sample''']", &["two"]),
        ("regexTarget = 'line'\nregexes = ['''^key''']", &["two"]),
        ("condition = 'AND'\nregexes = ['''^t''']\nstopwords = ['one']", &["One", "two"]),
        ("condition = 'and'\nregexes = ['''^t''']\nstopwords = ['tw']", &["One"]),
    ] {
        assert_eq!(secrets(&rule(list), text), left, "{list}");
    }
    let list = &rule("condition = 'AND'\npaths = ['''\\.md$''']\nregexes = ['''^t''']").rules[0].allow[0].clone();
    assert!(list.covers_place("a.md", None) && !list.covers_place("a.rs", None) && !list.covers_file("a.md"));
    let list = &rule("commits = ['ABCDEF']").rules[0].allow[0].clone();
    assert!(list.covers_place("a", Some("abcdef")) && !list.covers_place("a", None));
}

#[test]
fn the_default_is_ours() {
    let imported = gitleaks(
        "[extend]\nuseDefault = true\ndisabledRules = ['github-pat', 'generic-api-key']\n\
         [[rules]]\nid = 'npm-access-token'\n[[rules.allowlists]]\npaths = ['''x''']\n",
    )
    .unwrap();
    assert_eq!(imported.disabled, ["github-pat", "generic-secret"]);
    assert!(imported.rules.is_empty() && imported.targeted[0].0 == "npm-access-token");
    let left = imported.change(pack::embedded());
    assert!(left.len() == pack::embedded().len() - 2, "{}", left.len());
}

#[test]
fn needs_and_helpers() {
    let imported = gitleaks(
        "[[rules]]\nid = 'a'\nregex = '''a+'''\nskipReport = true\n[[rules]]\nid = 'b'\nregex = '''b+'''\n\
         [[rules.required]]\nid = 'a'\nwithinLines = 5\nwithinColumns = 9\n\
         [[rules]]\nid = 'c'\nregex = '''c+'''\ncomponents = [{ id = 'a', within = '3L,100C', optional = true }]\n",
    )
    .unwrap();
    let need = |rule: usize| &imported.rules[rule].details().needs[0];
    assert!(imported.rules[0].hidden && !need(1).optional && need(2).optional);
    assert_eq!((need(1).within_lines, need(1).within_columns, need(1).within_bytes), (Some(5), Some(9), None));
    assert_eq!((need(2).within_lines, need(2).within_columns, need(2).within_bytes), (Some(3), None, Some(100)));
}

#[test]
fn what_would_change_findings_is_refused_by_name() {
    for (source, said) in [
        ("[[rules]]\nid = 'a'\nregex = '''a(?=b)'''", &["`a`", "x.toml", "regex", "look-around"][..]),
        ("[[rules]]\nid = 'a'\nregex = '''('''", &["`a`", "not valid"]),
        ("[[rules]]\nregex = '''a'''", &["no id"]),
        ("[[rules]]\nid = 'a'", &["neither `regex` nor `path`"]),
        ("[[rules]]\nid = 'a'\nregex = '''a'''\nsecretGroup = 1", &["secretGroup"]),
        ("[[rules]]\nid = 'a'\nregex = '''a'''\n[[rules.required]]\nid = 'z'", &["requires `z`"]),
        ("[[rules]]\nid = 'a'\nregex = '''a'''\n[[rules.allowlists]]\ndescription = 'x'", &["none of commits"]),
        ("[[rules]]\nid = 'a'\nregex = '''a'''\n[[rules.allowlists]]\ncondition = 'XOR'\npaths = ['a']", &["`XOR`"]),
        (
            "[[rules]]\nid = 'a'\nregex = '''a'''\n[[rules.allowlists]]\nregexTarget = 'file'\nregexes = ['a']",
            &["`file`"],
        ),
        (
            "[[rules]]\nid = 'a'\nregex = '''a'''\nfilter = '''\nhttp.get(\"x\") == 1'''",
            &["`a`", "line 1, column 1", "`http.get`"],
        ),
        ("[[rules]]\nid = 'a'\nregex = '''a'''\ncomponents = [{ id = 'a', within = '5X' }]", &["5X"]),
        ("[[allowlists]]\ntargetRules = ['z']\npaths = ['a']\n[[rules]]\nid = 'a'\nregex = 'a'", &["no rule `z`"]),
        ("[extend]\npath = 'none.toml'\n[[rules]]\nid = 'a'\nregex = 'a'", &["extend.path", "none.toml"]),
        ("[extend]\npath = 'a'\nuseDefault = true", &["cannot be used together"]),
        ("[[rules]]\nid = 7", &["x.toml"]),
    ] {
        let error = gitleaks(source).unwrap_err().to_string();
        assert!(said.iter().all(|part| error.contains(part)), "{source}: {error}");
    }
}

#[test]
fn what_changes_nothing_is_a_note() {
    let imported =
        gitleaks("colour = 1\n[[rules]]\nid = 'a'\nregex = '''a'''\nshape = 2\nvalidate = '''x'''\n").unwrap();
    assert!(imported.notes.iter().any(|note| note.contains("colour, rules.shape")), "{:?}", imported.notes);
    assert!(imported.notes.iter().any(|note| note.contains("live checks of 1 rule ")), "{:?}", imported.notes);
}

#[test]
fn nosey_parker_takes_the_longest_and_kingfisher_the_first() {
    let nosey = "rules:\n- {name: A, id: np.a.1, pattern: 'user (\\w+)(?# a comment) pass (\\w+?)'}\n";
    let imported = noseyparker::read(nosey, "x.yml").unwrap();
    assert_eq!(secrets(&imported, "user joe pass abc;"), ["joe pass abc"]);
    let king = "rules:\n- {name: A, id: k.a.1, pattern: 'user (\\w+) pass (?P<TOKEN>\\w+)', min_entropy: 1.0}\n\
                - {name: B, id: k.b.1, pattern: 'num ([0-9a-z]+)', pattern_requirements: {min_digits: 2, ignore_if_contains: [ZZ]}}\n";
    let imported = noseyparker::read(king, "x.yml").unwrap();
    assert_eq!(secrets(&imported, "user joe pass abc; user joe pass aaa; num a1 num a12 num 12zz"), ["abc", "a12"]);
}

#[test]
fn yaml_that_asks_for_too_much_is_refused() {
    for (rule, said) in [
        ("pattern: 'a(?!b)'", "look-around"),
        ("pattern: '('", "not valid"),
        ("pattern: 'a', pattern_requirements: {checksum: {}}", "checksum"),
        ("pattern: 'a', pattern_requirements: {min_moons: 2}", "min_moons"),
    ] {
        let error = noseyparker::read(&format!("rules:\n- {{name: A, id: a.1, {rule}}}\n"), "x.yml").unwrap_err();
        assert!(error.to_string().contains(said), "{rule}: {error}");
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    assert!(noseyparker::read(&(bomb + "rules: []\n"), "x.yml").is_err());
}

#[test]
fn edited_texts_are_searched_again_as_a_whole() {
    use crate::history::pack::delta::Segment;
    let imported = gitleaks("[[rules]]\nid = 'a'\nregex = '''BEGIN[\\s\\S]*?END'''\n").unwrap();
    let matcher = Matcher::new(imported.rules).unwrap();
    let base = format!("BEGIN{}", "x".repeat(30_000));
    let text = format!("{base}END");
    let (mut scratch, mut known, mut carried) = (Scratch::default(), Marks::default(), Marks::default());
    matcher.mark(base.as_bytes(), &mut scratch, &mut known);
    let segments = [
        Segment { start: 0, end: base.len(), base: Some(0) },
        Segment { start: base.len(), end: text.len(), base: None },
    ];
    matcher.carry(text.as_bytes(), &segments, &known, &mut scratch, &mut carried);
    assert!(known.is_empty() && carried.matches() == matcher.scan(text.as_bytes()) && carried.matches().len() == 1);
}

proptest! {
    #[test]
    fn no_toml_panics(lines in prop::collection::vec(prop::sample::select(vec![
        "[[rules]]", "id = 'a'", "id = 'b'", "regex = '''a(b)'''", "regex = '''[a-'''", "path = '''x'''", "secretGroup = 1",
        "entropy = 2", "keywords = ['k']", "keywords = 'k,l'", "[[rules.allowlists]]", "paths = ['a']", "stopwords = ['']",
        "[[rules.required]]", "filter = '''true || x'''", "[extend]", "useDefault = true", "[[allowlists]]", "targetRules = ['a']",
        "prefilter = '''attributes.path == \"x\"'''", "components = [{ id = 'b', within = '5L' }]", "condition = 'AND'",
    ]), 0..14)) {
        if let Ok(imported) = gitleaks(&lines.join("\n")) {
            let _ = found(&imported, "ab kab");
        }
    }

    #[test]
    fn no_yaml_panics(source in "(rules:\n)?([- ]{0,4}(name|id|pattern|min_entropy|[a-z*&]{1,3}): ?['\\[{(a-z0-9)}\\]]{0,6}\n){0,8}") {
        let _ = noseyparker::read(&source, "x.yml");
    }

    /// What is found is what a plain search of the pattern finds.
    #[test]
    fn finds_what_the_pattern_finds(text in "(key|=|ab|[a-c ]|\n){0,40}") {
        let imported = gitleaks("[[rules]]\nid = 'a'\nregex = '''key=([a-c]+)'''\nkeywords = ['ab']\n").unwrap();
        let plain = regex::Regex::new("key=([a-c]+)").unwrap();
        let expected: Vec<String> = match text.contains("ab") {
            true => plain.captures_iter(&text).map(|found| found[1].to_owned()).collect(),
            false => Vec::new(),
        };
        prop_assert_eq!(secrets(&imported, &text), expected);
    }
}
