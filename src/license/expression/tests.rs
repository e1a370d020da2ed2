use super::*;

fn read(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// MIT and Zlib are allowed, GPL is refused, nothing is known of the rest.
fn verdict(text: &str) -> Truth {
    read(text).evaluate(|term| match term.id() {
        "MIT" | "Zlib" => Truth::Allowed,
        id if id.starts_with("GPL") => Truth::Refused,
        _ => Truth::Unknown,
    })
}

#[test]
fn evaluation_has_three_values() {
    for (text, truth) in [
        ("UNKNOWN OR MIT", Truth::Allowed),
        ("UNKNOWN AND MIT", Truth::Unknown),
        ("UNKNOWN OR GPL-3.0-only", Truth::Unknown),
        ("UNKNOWN AND GPL-3.0-only", Truth::Refused),
        ("MIT AND Zlib OR GPL-2.0-only", Truth::Allowed),
        ("MIT AND (Zlib OR GPL-2.0-only)", Truth::Allowed),
        ("(MIT OR Zlib) AND GPL-2.0-only", Truth::Refused),
        ("MIT OR Zlib AND GPL-2.0-only", Truth::Allowed),
        ("NOASSERTION", Truth::Unknown),
    ] {
        assert_eq!(verdict(text), truth, "{text}");
    }
}

#[test]
fn what_is_written_is_canonical() {
    for (text, written) in [
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT)", "MIT"),
        ("gpl-2.0+ with classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("MIT AND (ISC OR (Zlib))", "MIT AND (ISC OR Zlib)"),
        ("EPL-1.0+", "EPL-1.0+"),
        ("LicenseRef-x OR DocumentRef-a:LicenseRef-b", "LicenseRef-x OR DocumentRef-a:LicenseRef-b"),
        ("MIT OR ISC AND Zlib", "MIT OR ISC AND Zlib"),
    ] {
        assert_eq!(read(text).to_string(), written);
        assert_eq!(read(written).to_string(), written);
    }
}

#[test]
fn what_is_no_expression_is_refused_where_it_is_wrong() {
    for (text, at) in [
        ("", 0),
        ("MIT OR", 6),
        ("OR MIT", 0),
        ("Apache License", 7),
        ("(MIT", 4),
        ("MIT)", 3),
        ("MIT WITH", 4),
        ("MIT WITH (ISC)", 4),
        ("()", 1),
        ("MIT/ISC", 3),
        ("MIT AND OR ISC", 8),
    ] {
        assert_eq!(Expression::parse(text).unwrap_err().at, at, "{text}");
    }
    assert!(Expression::parse(&["MIT"; 501].join(" OR ")).is_err());
    assert!(Expression::parse(&"(".repeat(1_000_000)).is_err());
}

#[test]
fn terms_say_what_is_known_of_them() {
    let known = |text: &str| read(text).is_known();
    assert!(known("MIT") && known("LicenseRef-x") && known("GPL-2.0+ WITH GCC-exception-2.0"));
    assert!(!known("UNKNOWN") && !known("MIT WITH some-exception") && !known("NONE"));
    assert!(!read("LicenseRef-x").terms().next().unwrap().is_listed());
}

#[test]
fn or_later_offers_later_versions() {
    let offers = |text: &str| read(text).terms().next().unwrap().offers().join(" ");
    assert_eq!(offers("LGPL-2.1-or-later"), "LGPL-2.1-or-later LGPL-2.1-only LGPL-3.0-only LGPL-3.0-or-later");
    assert_eq!(offers("EPL-1.0+"), "EPL-1.0 EPL-2.0");
    assert_eq!(offers("GPL-2.0-only"), "GPL-2.0-only");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ ()A-Za-z0-9+.:/-]{0,60}") {
        if let Ok(expression) = Expression::parse(&text) {
            let written = expression.to_string();
            let again = Expression::parse(&written).unwrap();
            proptest::prop_assert_eq!(again.to_string(), written);
            let all = |truth| expression.evaluate(|_| truth);
            proptest::prop_assert_eq!([all(Truth::Allowed), all(Truth::Refused)], [Truth::Allowed, Truth::Refused]);
        }
    }
}
