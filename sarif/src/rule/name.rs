//! Defines how a rule gets its name.

/// Turns words into PascalCase as rule SARIF2012 of Microsoft's validator wants it: every capital is followed by a
/// small letter or a digit, and nothing but ASCII letters and digits is in it.
pub(super) fn pascal_case(text: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        // A capital of its own is not allowed: one-letter words join their neighbour.
        let joins = word.len() == 1 || name.len() == 1;
        let (first, rest) = word.split_at(1);
        if name.is_empty() {
            if first.starts_with(|c: char| c.is_ascii_digit()) {
                name.push_str("Rule");
            }
            name.push_str(&first.to_ascii_uppercase());
        } else if joins {
            name.push_str(&first.to_ascii_lowercase());
        } else {
            name.push_str(&first.to_ascii_uppercase());
        }
        name.push_str(&rest.to_ascii_lowercase());
    }
    if name.len() < 2 { format!("Rule{}", name.to_ascii_lowercase()) } else { name }
}

/// The runs of ASCII letters and digits, split again where a small letter meets a capital.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).flat_map(|run| {
        let bytes = run.as_bytes();
        let is_start = move |at: usize| bytes[at].is_ascii_uppercase() && !bytes[at - 1].is_ascii_uppercase();
        let mut from = 0;
        (1..=run.len()).filter(move |at| *at == run.len() || is_start(*at)).map(move |at| {
            let word = &run[from..at];
            from = at;
            word
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_become_names() {
        for (id, name) in [
            ("secret/github-pat", "SecretGithubPat"),
            ("advisory/GHSA-8x4m-qw58-3pcx", "AdvisoryGhsa8x4mQw583pcx"),
            ("CVE-2024-1", "Cve20241"),
            ("avoidEval", "AvoidEval"),
            ("x-ray", "Xray"),
            ("plan-b", "Planb"),
            ("a-b-c", "Abc"),
            ("3scale", "Rule3scale"),
            ("1-x", "Rule1x"),
            ("日本", "Rule"),
            ("x", "Rulex"),
            ("", "Rule"),
        ] {
            assert_eq!(pascal_case(id), name, "{id}");
        }
    }

    proptest! {
        #[test]
        fn names_are_pascal_case(id in "\\PC{0,20}|[a-zA-Z0-9/_-]{0,12}") {
            let name = pascal_case(&id);
            prop_assert_eq!(&pascal_case(&name), &name);
            let bytes = name.as_bytes();
            prop_assert!(bytes.iter().all(u8::is_ascii_alphanumeric));
            prop_assert!(bytes.first().is_some_and(u8::is_ascii_uppercase));
            for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase()) {
                prop_assert!(bytes.get(at + 1).is_some_and(|next| !next.is_ascii_uppercase()), "{byte} in {name}");
            }
        }
    }
}
