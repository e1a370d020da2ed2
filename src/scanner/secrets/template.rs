//! Expands the templates in the examples of rules, so that no pack holds a literal shaped like a token.

use sha2::{Digest, Sha256};

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGIT: &str = "0123456789";

/// The characters of a template's class; `None` for an unknown class.
fn class(name: &str) -> Option<String> {
    let parts: &[&str] = match name {
        "alnum" => &[DIGIT, UPPER, LOWER],
        "alpha" => &[UPPER, LOWER],
        "lower" => &[LOWER],
        "upper" => &[UPPER],
        "digit" => &[DIGIT],
        "hex" => &[DIGIT, "abcdef"],
        "HEX" => &[DIGIT, "ABCDEF"],
        "lowernum" => &[DIGIT, LOWER],
        "uppernum" => &[DIGIT, UPPER],
        "base32" => &[UPPER, "234567"],
        "base58" => &["123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"],
        "base64" => &[DIGIT, UPPER, LOWER, "+/"],
        "base64url" => &[DIGIT, UPPER, LOWER, "_-"],
        "word" => &[DIGIT, UPPER, LOWER, "_"],
        _ => return None,
    };
    Some(parts.concat())
}

/// An endless row of bytes that depends on a seed alone: SHA-256 over the seed and a counter.
struct Row {
    seed: String,
    block: u64,
    left: Vec<u8>,
}

impl Row {
    fn next(&mut self) -> u8 {
        if self.left.is_empty() {
            let block = Sha256::new().chain_update(&self.seed).chain_update(self.block.to_le_bytes()).finalize();
            self.block += 1;
            self.left = block.to_vec();
        }
        self.left.pop().unwrap_or_default()
    }

    fn pick(&mut self, from: &str) -> char {
        let index = usize::from(self.next()) * from.len() / 256;
        char::from(from.as_bytes()[index])
    }
}

/// Expands `{{class:length}}`, `{{uuid}}` and `{{base64(text)}}`; the same seed gives the same text.
///
/// # Errors
/// A template that is unknown or not closed, in words.
pub fn expand(template: &str, seed: &str) -> Result<String, String> {
    let mut row = Row { seed: seed.to_owned(), block: 0, left: Vec::new() };
    expand_with(template, &mut row)
}

/// How long a template is when it is expanded, in bytes; `None` for one that is not valid or holds a text of its own.
pub fn length(template: &str) -> Option<usize> {
    let (mut rest, mut length) = (template, 0);
    while let Some((before, behind)) = rest.split_once("{{") {
        let (name, behind) = behind.split_once("}}")?;
        length += before.len();
        length += match name {
            "uuid" => 36,
            _ => name.split_once(':')?.1.parse::<usize>().ok()?,
        };
        rest = behind;
    }
    Some(length + rest.len())
}

fn expand_with(template: &str, row: &mut Row) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = template;
    // `${{ x }}` is how GitHub workflows write an expression, not a template.
    while let Some(at) = rest.find("{{").filter(|_| !rest.is_empty()) {
        if rest[..at].ends_with('$') && rest[at + 2..].starts_with(' ') {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let body = &rest[at + 2..];
        if let Some(inner) = body.strip_prefix("base64(") {
            let close = inner.find(")}}").ok_or_else(|| format!("`{body}` is not closed"))?;
            let text = expand_with(&inner[..close], row)?;
            out.push_str(&base64(text.as_bytes()));
            rest = &inner[close + 3..];
            continue;
        }
        let (name, behind) = body.split_once("}}").ok_or_else(|| format!("`{body}` is not closed"))?;
        out.push_str(&one(name, row)?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

fn one(name: &str, row: &mut Row) -> Result<String, String> {
    if name == "uuid" {
        let hex = class("hex").unwrap_or_default();
        let digits: String = (0..32).map(|_| row.pick(&hex)).collect();
        return Ok(format!(
            "{}-{}-4{}-a{}-{}",
            &digits[..8],
            &digits[8..12],
            &digits[13..16],
            &digits[17..20],
            &digits[20..]
        ));
    }
    let unknown = || format!("`{{{{{name}}}}}` is no template");
    let (name, length) = name.split_once(':').ok_or_else(unknown)?;
    let chars = class(name).ok_or_else(unknown)?;
    let length: usize = length.parse().map_err(|_| unknown())?;
    Ok((0..length).map(|_| row.pick(&chars)).collect())
}

/// Standard base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    let alphabet = class("base64").unwrap_or_default();
    // RFC 4648 orders upper case, lower case, digits.
    let alphabet = format!("{}{}{}+/", &alphabet[10..36], &alphabet[36..62], &alphabet[..10]);
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (word >> (18 - 6 * place) & 63) as usize;
            out.push(if place <= chunk.len() { char::from(alphabet.as_bytes()[index]) } else { '=' });
        }
    }
    out
}

/// An example with its secret: takes the marks `«` and `»` out of an expanded text.
///
/// # Errors
/// There is not exactly one pair of marks.
pub fn marked(text: &str) -> Result<(String, String), String> {
    let parts: Vec<&str> = text.split(['«', '»']).collect();
    match parts[..] {
        [before, secret, behind] => Ok((format!("{before}{secret}{behind}"), secret.to_owned())),
        _ => Err("the secret must stand between one « and one »".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_the_same_every_time() {
        let first = expand("a {{hex:8}} {{uuid}} ${{ secrets.X }}", "seed").unwrap();
        assert_eq!(first, expand("a {{hex:8}} {{uuid}} ${{ secrets.X }}", "seed").unwrap());
        assert_ne!(first, expand("a {{hex:8}} {{uuid}} ${{ secrets.X }}", "other").unwrap());
        assert_eq!(first.len(), "a ".len() + 8 + 1 + 36 + " ${{ secrets.X }}".len());
        assert!(expand("{{nope:3}}", "").is_err() && expand("{{hex:3", "").is_err());
    }

    #[test]
    fn encodes_as_rfc_4648_says() {
        // The test vectors of RFC 4648, section 10.
        for (text, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(expand(&format!("{{{{base64({text})}}}}"), "").unwrap(), code);
        }
    }

    #[test]
    fn lengths_are_known_without_expanding() {
        for template in ["", "acme_{{alnum:20}}", "{{hex:8}}-{{uuid}}x"] {
            assert_eq!(length(template), Some(expand(template, "").unwrap().len()), "{template}");
        }
        assert_eq!(length("{{base64(text)}}"), None);
    }

    #[test]
    fn takes_the_secret_out() {
        assert_eq!(marked("k=«v»;").unwrap(), ("k=v;".to_owned(), "v".to_owned()));
        assert!(marked("k=v").is_err());
    }
}
