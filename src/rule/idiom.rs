//! Expands the idioms in the patterns of rules: how the world writes that a name has a value. Shared with the build
//! script.

/// Each idiom and the pattern it stands for, which has no group and holds in any case.
const IDIOMS: [(&str, &str); 11] = [
    // What a key is called that is named for nobody: `{{called}}`, and behind the address of a service `{{behind}}`, in a
    // query, a header or an assignment.
    ("{{behind}}", r"(?i:[^\x00]{0,200}?{{called}}(?:(?:bearer|token|key|basic)[ =])?)"),
    ("{{called}}", r"(?i:(?:key|token|secret|app_?id|api_?id|auth)[a-z0-9_.-]{0,12}{{is}})"),
    // From a value to the address of a service.
    ("{{until}}", r#"["'`;,)\s][^\x00]{0,200}?"#),
    // Behind the name of a function and its bracket: its first argument, an option, or one further on that says secret, up
    // to the quote of the value.
    (
        "{{argument}}",
        concat!(
            r#"(?i:(?:\s{0,8}(?:[\[{]\s{0,8})?(?:[:$]?["']?[a-z_]{2,24}["']?\s{0,2}(?:=>|[:=])\s{0,2})?"#,
            r#"|[^()\x00;]{0,100}?(?:key|token|secret|auth|password)["']?\s{0,2}(?:=>|[:=])\s{0,2})["'`])"#,
        ),
    ),
    // In front of a name: the start of a word; `-Dname=` hands a property to Java.
    ("{{name}}", r"(?i:(?:^|[^a-z0-9]|-d))"),
    // Between the parts of a name, such as a provider and what it gives out: some words, or the opening of a table.
    ("{{near}}", r#"(?i:[a-z0-9_ .-]{0,24}?(?:["']?\s{0,2}(?:[:=]\s{0,2}\{?|\{)\s{0,16}["']?[a-z0-9_.-]{0,16}?)?)"#),
    // Between a name and its value: which of several it is, what closes the name; an assignment of any language with or
    // without a type, a pair of arguments, an argument of a command; what opens the value.
    (
        "{{is}}",
        concat!(
            r"(?i:(?:[_.-]?(?:[0-9]{1,2}|value|prod|production|staging|dev|test|live))?",
            r#"(?:\\?["'`])?\]?(?:"#,
            r"[ \t]{0,16}(?:=>|:{1,3}=|[?.|+&]{0,2}=|\|\||\?\?|:-|[=:,])[ \t]{0,16}",
            r"|\s?:?\s?&?(?:'static )?(?:str(?:ing)?|char\*?|text)\s{0,4}=\s{0,4}",
            "|{{pair}}",
            r#"|\s{0,4}\{[^{}]{0,160}?\bdefault\s{0,8}=\s{0,8}"#,
            r"|[ \t]{1,8}",
            r#")(?:\\?["'`(@]){0,3})"#,
        ),
    ),
    // Words that say secret, with what a name may have behind them.
    (
        "{{secret}}",
        concat!(
            r"(?i:(?:passwo?r?[dt]|passwd|passphrase|passcode|pwd|secret|token|credential|creds|[_.-]key",
            r"|(?:api|secret|access) key",
            r"|(?:api|secret|access|private|auth|encryption|signing|master|shared|account|license|service|client|storage",
            r"|hmac|crypt|crypto|app|admin|deploy|session|security|jwt|aes|write|server|consumer|subscription|webhook|merchant)key)[a-z0-9_.-]{0,24}",
            r"|[_.-](?:pass[0-9]{0,2}|auth)|[a-z]{2,16}pass|\bpass",
            r"|contrase(?:n|[^\s]{2})a|senha|wachtwoord|kennwort|parola|mot[ _-]?de[ _-]?passe",
            r"|\bclave\b|haslo|heslo|sifre|\bmima\b|jelszo|salasana|losenord|passord|adgangskode|lozinka)",
        ),
    ),
    // An assignment and nothing else, for names that say little: on one line, but for pairs.
    (
        "{{set}}",
        concat!(
            r#"(?i:(?:\\?["'`])?\]?(?:"#,
            r"[ \t]{0,40}(?:=>|:{1,3}=|[?.|+&]{0,2}=|\|\||\?\?|:-|[=:])[ \t]{0,40}",
            r"|[ \t]?(?:as |:)?[ \t]?&?(?:'static )?(?:str(?:ing)?|char\*?|text)[ \t]{0,4}=[ \t]{0,4}",
            "|{{pair}}",
            r#"|\s{0,4}:?\s{0,4}\{[^{}]{0,160}?\b(?:default|value|defaultvalue)["']?\s{0,8}[:=]\s{0,8}"#,
            r"))",
        ),
    ),
    // A name and its value beside each other, each with a mark of its own: an element of a list of variables, of XML, of a
    // property list. For the idioms above.
    (
        "{{pair}}",
        concat!(
            r#"(?i:,?\s{1,40}["']?value["']?\s{0,4}[:=]\s{0,4}|["'],["']value["']\s{0,4}[:=,]\s{0,4}"#,
            r#"|(?: [a-z:]{2,24}=["'][^"'<>\r\n]{0,40}["']){0,3}>\s{0,40}|</key>\s{0,40}<string>\s{0,8})"#,
        ),
    ),
    // Behind a value: nothing that a token goes on with, and no call; a full stop may end a sentence.
    ("{{end}}", r"(?:[^0-9A-Za-z_+/=.(\[-]|\.\s|\.?$)"),
];

/// The pattern with its idioms written out.
///
/// # Errors
/// It names an idiom that is not known, in words.
pub fn expand(pattern: &str) -> Result<String, String> {
    let mut out = pattern.to_owned();
    for (idiom, meaning) in IDIOMS {
        out = out.replace(idiom, meaning);
    }
    match out.find("{{") {
        None => Ok(out),
        Some(at) => {
            let known: Vec<&str> = IDIOMS.iter().map(|(idiom, _)| *idiom).collect();
            let unknown: String = out[at..].chars().take(16).collect();
            Err(format!("`{unknown}` is no idiom; there are {}", known.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_however_it_is_assigned() {
        let pattern = expand(r"(?i){{name}}acme[a-z0-9_.-]{0,8}{{is}}(?P<secret>[0-9]{6}){{end}}").unwrap();
        let pattern = regex::Regex::new(&pattern).unwrap();
        for text in [
            "acmeToken=123456",
            "ACME_TOKEN := \"123456\"",
            "acme_TOKEN :::= `123456`;",
            "{\"acme-token\": \"123456\"}",
            "let acme_token: &'static str = \"123456\";",
            "var acmeToken string = \"123456\"",
            "$acme['token'] ??= '123456';",
            "<acmeToken>\n    123456\n</acmeToken>",
            "<add key=\"AcmeToken\" value=\"123456\" />",
            "- name: ACME_TOKEN\n  value: 123456",
            "acme --acme-token 123456",
            "java -Dacme.token=123456",
            "System.setProperty(\"ACME_TOKEN\", \"123456\")",
            "$acmeToken .= \"123456\"",
            "{\\\"acmeToken\\\": \\\"123456\\\"}",
            "The acmeToken is: acmeToken: 123456.",
        ] {
            let found = pattern.captures(text).map(|groups| groups["secret"].to_owned());
            // `$acme['token']` has the bracket inside of the name, which this pattern does not ask for.
            assert!(found.as_deref() == Some("123456") || text.starts_with("$acme["), "{text}");
        }
        for text in ["acmeToken=1234567", "acmeToken=123456()", "acmeToken=123456.txt", "pacmeToken=123456"] {
            assert!(!pattern.is_match(text), "{text}");
        }
        assert!(expand("{{was}}x").unwrap_err().contains("{{is}}"));
    }
}
