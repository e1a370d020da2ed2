//! What expressions say, and that they always end.

use proptest::prelude::*;

use super::*;

const TEXT: &[u8] = b"first\nx = aa-12345678 Tail\ny\n";

fn finding() -> Finding<'static> {
    Finding {
        secret: b"12345678",
        matched: b"aa-12345678",
        line: b"\nx = aa-12345678 Tail",
        text: TEXT,
        at: 10..21,
        rule: "a",
        description: "An example",
    }
}

fn answer(source: &str, dialect: Dialect) -> Answer {
    let expression = Expression::parse(source, dialect).unwrap_or_else(|e| panic!("{source}: {e:?}"));
    expression.eval(&finding(), None)
}

#[test]
fn what_holds() {
    for source in [
        r#"entropy(finding["secret"]) <= 3.0"#,
        r#"filter.entropy(finding.secret) == 3"#,
        r#"secret == "12345678""#,
        r#"finding.secret matches "^12" && !(finding.secret matches "^2")"#,
        r#"matchesAny(finding["match"], [`^zz`, `^aa-\d+$`])"#,
        r#"filter.findMatch(finding.secret, `[3-5]+`) == "345""#,
        r#"let words = ["zz", "1234"]; containsAny(finding.secret, words)"#,
        r#"let s = finding.secret; let t = s[2:4]; t + "x" == "34x""#,
        r#"finding["fragment_raw"][max(finding["match_start_idx"] - 4, finding["match_line_start_idx"]):finding["match_start_idx"]] == "x = ""#,
        "finding.secret in ['12345678'] and not (1 > 2)",
        "finding.secret not in ['1'] ? true : false",
        "(finding.nonsense ?? 'x') == 'x' && finding.nonsense == nil",
        "2 ** 3 == 8 && 7 / 2 == 3.5 && 7 % 4 == 3 && -1 + 2 * 3 == 5",
        "len('\u{e9}') == 1 && max(1, 2.5) == 2.5 && upper('a') == 'A' && [1, 2][-1] == 2",
        r#"finding["secret"].contains("234") && finding["line"].startsWith("\nx")"#,
        r#"attributes[?"git.author_name"].orValue("") == """#,
        r#"cel.bind(s, finding["secret"], s.endsWith("78"))"#,
        "// a comment\ntrue /* another */",
        r#""\x41é\n" == "Aé
""#,
        r#"get(attributes, "git.date", "none") == "none""#,
        r#"matchesAny(finding["line"], [r"""Tail$"""])"#,
        "failsTokenEfficiency('passwordpassword') && !failsTokenEfficiency('q7Xv0RzK2mWt9LbYpE4s')",
    ] {
        assert_eq!(answer(source, Dialect::V1), Answer::Yes, "{source}");
    }
}

#[test]
fn what_does_not_hold_or_cannot_be_told() {
    for source in [
        "false",
        "finding.secret",
        "finding.secret + 1 == 2",
        "matchesAny(finding.nonsense, ['x'])",
        "1 < 'a'",
        "1 / 0 > 'x'",
        "9223372036854775807 + 1 > 0",
        "5 % 0 == 0",
        "[1][7] == 1",
        "containsAny('SAMPLE', ['SAMPLE'])",
    ] {
        assert_eq!(answer(source, Dialect::V1), Answer::No, "{source}");
    }
}

#[test]
fn dialects_differ_in_lines_and_cases() {
    assert_eq!(answer("containsAny('SAMPLE', ['Sample'])", Dialect::V2), Answer::Yes);
    assert_eq!(answer(r#"finding.line == "x = aa-12345678 Tail\n""#, Dialect::V2), Answer::Yes);
    assert_eq!(answer(r#"finding.line == "\nx = aa-12345678 Tail""#, Dialect::V1), Answer::Yes);
}

#[test]
fn a_place_is_asked_for_only_where_it_decides() {
    let path = r#"get(attributes, "path", "") endsWith ".md""#;
    for (source, before, there, elsewhere) in [
        (path.to_owned(), Answer::Unknown, Answer::Yes, Answer::No),
        (format!("true || {path}"), Answer::Yes, Answer::Yes, Answer::Yes),
        (format!("{path} && false"), Answer::No, Answer::No, Answer::No),
        (format!("!({path})"), Answer::Unknown, Answer::No, Answer::Yes),
        (format!("let p = {path}; p || false"), Answer::Unknown, Answer::Yes, Answer::No),
        (r#"attributes["git.sha"] in ["abc"]"#.to_owned(), Answer::Unknown, Answer::Yes, Answer::No),
    ] {
        let expression = Expression::parse(&source, Dialect::V1).unwrap();
        let at = |path, commit| expression.eval(&finding(), Some(Place { path, commit }));
        assert_eq!(
            (expression.eval(&finding(), None), at("a.md", Some("abc")), at("a.rs", None)),
            (before, there, elsewhere),
            "{source}"
        );
    }
}

#[test]
fn what_is_not_known_is_refused_by_name_and_place() {
    for (source, line, column, said) in [
        ("true ||\n http.get('x')", 2, 2, "`http.get`"),
        ("shannon(finding.secret) > 1", 1, 1, "`shannon`"),
        ("finding.captures['x'] == ''", 1, 8, "`finding.captures`"),
        ("any([1], # > 0)", 1, 10, "`#`"),
        ("matchesAny(finding.secret, [finding.line])", 1, 1, "written out"),
        ("matchesAny(finding.secret, ['('])", 1, 1, "not valid"),
        ("1 +", 1, 4, "more was expected"),
        ("'open", 1, 1, "without an end"),
        ("len(1, 2)", 1, 1, "another number"),
        ("x == 1", 1, 1, "`x`"),
    ] {
        let refusal = Expression::parse(source, Dialect::V2).unwrap_err();
        assert_eq!((refusal.line, refusal.column), (line, column), "{source}: {refusal:?}");
        assert!(refusal.what.contains(said), "{source}: {refusal:?}");
    }
    assert!(Expression::parse(&"(".repeat(10_000), Dialect::V2).is_err());
    assert!(Expression::parse(&"!".repeat(10_000), Dialect::V2).is_err());
    assert!(Expression::parse(&format!("{}1", "a ? ".repeat(10_000)), Dialect::V2).is_err());
}

#[test]
fn doubling_ends() {
    let doubled: String = (0..50).map(|n| format!("let a{} = a{n} + a{n}; ", n + 1)).collect();
    let source = format!("let a0 = 'ab'; {doubled} len(a50) > 5");
    assert!(Expression::parse(&source, Dialect::V1).map(|e| e.eval(&finding(), None)).is_ok_and(|a| a == Answer::No));
}

proptest! {
    #[test]
    fn no_source_panics(source in any::<String>()) {
        if let Ok(expression) = Expression::parse(&source, Dialect::V1) {
            let _ = expression.eval(&finding(), None);
        }
    }

    #[test]
    fn no_tokens_panic(words in prop::collection::vec(prop::sample::select(vec![
        "finding", ".", "secret", "[", "]", "(", ")", "1", "-", "2.5", "'ab'", "==", "&&", "||", "!", "??", "?", ":", "let", "x",
        "=", ";", "len", ",", "matches", "in", "not", "attributes", "+", "[1]", "contains", "get", "max", "%", "**",
    ]), 0..16)) {
        if let Ok(expression) = Expression::parse(&words.join(" "), Dialect::V2) {
            let _ = expression.eval(&finding(), None);
        }
    }
}
