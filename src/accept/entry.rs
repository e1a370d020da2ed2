//! Adds an `[[ignore]]` to the text of a configuration and leaves the rest of it as it is, byte for byte.

use crate::config::{Config, Ignore};
use crate::error::Error;

/// The text with the entry at its end.
///
/// # Errors
/// The text is no valid configuration, or lists its ignores in a way that nothing can be added to at the end.
pub fn added(source: &str, ignore: &Ignore, origin: &str) -> Result<String, Error> {
    let mut expected = Config::read(source, origin)?.ignore;
    let newline = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = source.to_owned();
    if !text.is_empty() {
        if !text.ends_with('\n') {
            text.push_str(newline);
        }
        text.push_str(newline);
    }
    let entry = lines_of(ignore);
    entry.iter().for_each(|line| {
        text.push_str(line);
        text.push_str(newline);
    });
    // What counts is what is read back.
    expected.push(ignore.clone());
    match Config::read(&text, origin) {
        Ok(config) if config.ignore == expected => Ok(text),
        _ => Err(Error::usage(format!("nothing can be added at the end of `{origin}`"))
            .because("it lists its ignores in another way than under [[ignore]]".to_owned())
            .hint(format!("add an entry by hand, with {}", entry[1..].join(", ")))),
    }
}

fn lines_of(ignore: &Ignore) -> Vec<String> {
    let named = [
        ("fingerprint", ignore.fingerprint.as_ref()),
        ("rule", ignore.rule.as_ref()),
        ("path", ignore.path.as_ref()),
        ("package", ignore.package.as_ref()),
        ("advisory", ignore.advisory.as_ref()),
        ("reason", Some(&ignore.reason)),
    ];
    let mut lines = vec!["[[ignore]]".to_owned()];
    lines.extend(named.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", quoted(value?)))));
    lines.extend(ignore.expires.map(|day| format!("expires = {}", day.0)));
    lines
}

/// A basic string of TOML. What a reader would not see is written as its number.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if crate::text::printable(c.encode_utf8(&mut [0; 4])).chars().ne([c]) => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Day;
    use proptest::prelude::*;

    fn ignore(reason: &str, expires: Option<Day>) -> Ignore {
        Ignore {
            fingerprint: Some("0123456789abcdef0123456789abcdef".to_owned()),
            rule: None,
            path: None,
            package: None,
            advisory: None,
            reason: reason.to_owned(),
            expires,
        }
    }

    #[test]
    fn what_stands_there_stays() {
        let expires = Some(Day(jiff::civil::date(2027, 1, 31)));
        let entry =
            "[[ignore]]\nfingerprint = \"0123456789abcdef0123456789abcdef\"\nreason = \"why\"\nexpires = 2027-01-31\n";
        for (source, text) in [
            ("", entry.to_owned()),
            ("# only a comment", format!("# only a comment\n\n{entry}")),
            (
                "[scan]\n  skip = [\n  'semgrep' ] # odd\n",
                format!("[scan]\n  skip = [\n  'semgrep' ] # odd\n\n{entry}"),
            ),
            ("[scan]\r\n", format!("[scan]\r\n\r\n{}", entry.replace('\n', "\r\n"))),
        ] {
            assert_eq!(added(source, &ignore("why", expires), "f").unwrap(), text, "{source:?}");
        }
    }

    #[test]
    fn a_list_that_cannot_grow_is_left_alone() {
        let error = added("ignore = [{ rule = \"a\", reason = \"b\" }]\n", &ignore("why", None), "f").unwrap_err();
        assert!(error.hints()[0].contains("reason = \"why\""), "{:?}", error.hints());
        assert!(added("not toml", &ignore("why", None), "f").is_err());
    }

    proptest! {
        #[test]
        fn any_reason_is_read_back(reason in "\\PC*\\S.*", before in "(# \\PC*\r?\n){0,3}") {
            let text = added(&before, &ignore(&reason, None), "f").unwrap();
            prop_assert!(text.starts_with(&before));
            prop_assert_eq!(&Config::read(&text, "f").unwrap().ignore[0].reason, &reason);
        }
    }
}
