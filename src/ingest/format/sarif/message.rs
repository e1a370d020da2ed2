//! Makes plain text of SARIF's messages: arguments put in, links reduced to their words.

use serde_json::Value;

/// The text of a message; empty when it has none. `strings` are those that its rule gives for ids.
pub(super) fn text(message: Option<&Value>, strings: Option<&Value>) -> String {
    let Some(message) = message else { return String::new() };
    // Some producers write the text itself.
    if let Value::String(text) = message {
        return plain(text, &[]);
    }
    let said = |value: &Value| {
        let text = value.get("text").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        text.or_else(|| value.get("markdown").and_then(Value::as_str)).map(str::to_owned)
    };
    let by_id = || said(strings?.get(message.get("id")?.as_str()?)?);
    let arguments: Vec<&str> =
        message.get("arguments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    plain(&said(message).or_else(by_id).unwrap_or_default(), &arguments)
}

/// Puts arguments in the place of `{0}`, and the words of `[words](7)` in that of the link.
fn plain(text: &str, arguments: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '[', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((argument, behind)) = placeholder(rest, arguments) {
            out.push_str(argument);
            rest = behind;
        } else if let Some((words, behind)) = link(rest) {
            out.push_str(words);
            rest = behind;
        } else if rest.starts_with("\\[") || rest.starts_with("\\]") {
            out.push_str(&rest[1..2]);
            rest = &rest[2..];
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn placeholder<'t>(text: &'t str, arguments: &[&'t str]) -> Option<(&'t str, &'t str)> {
    let (number, behind) = text.strip_prefix('{')?.split_once('}')?;
    let index: usize = number.parse().ok()?;
    Some((arguments.get(index)?, behind))
}

/// A link to a place of the same report is `[words](id)` with a number as its id.
fn link(text: &str) -> Option<(&str, &str)> {
    let (words, behind) = text.strip_prefix('[')?.split_once("](")?;
    let (id, behind) = behind.split_once(')')?;
    let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    (is_id && !words.contains(['[', '\n'])).then_some((words, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_links() {
        let text_of = |json: &str| {
            let message: Value = serde_json::from_str(json).unwrap();
            text(Some(&message), Some(&serde_json::json!({"default": {"text": "Uses {0}"}})))
        };
        assert_eq!(text_of(r#"{"text":"from [here](1) to {0}","arguments":["x"]}"#), "from here to x");
        assert_eq!(text_of(r#"{"id":"default","arguments":["md5"]}"#), "Uses md5");
        assert_eq!(text_of(r#"{"text":"see [a](https://x) {9}"}"#), "see [a](https://x) {9}");
        assert_eq!(text_of(r#""plain""#), "plain");
    }
}
