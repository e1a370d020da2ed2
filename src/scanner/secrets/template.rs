//! Expands the templates in the examples of rules, so that no pack holds a literal shaped like a token.
//!
//! `rules/README.md` documents them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::check::make::{FUNCTIONS, MAKERS, bytes, checksum};

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

/// Expands every template of a text; the same seed gives the same text.
///
/// # Errors
/// A template that is unknown or not closed, or bytes that are no text, in words.
pub fn expand(template: &str, seed: &str) -> Result<String, String> {
    let row = Row { seed: seed.to_owned(), block: 0, left: Vec::new() };
    let mut expander = Expander { rest: template, row, names: BTreeMap::new() };
    let text = expander.text(None)?;
    String::from_utf8(text).map_err(|_| format!("`{template}` makes no text"))
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

/// Whether a template of [`length`] could make a text, going by the characters alone.
pub fn could_make(template: &str, text: &[u8]) -> bool {
    let (mut rest, mut text) = (template, text);
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((name, behind)) = behind.split_once("}}") else { return false };
        let (name, count) = match name.split_once(':') {
            Some((name, count)) => (name, count.parse().unwrap_or_default()),
            None => ("base64url", 36),
        };
        let Some((made, left)) = text.strip_prefix(before.as_bytes()).and_then(|text| text.split_at_checked(count))
        else {
            return false;
        };
        let is_of_class = |chars: String| made.iter().all(|byte| chars.as_bytes().contains(byte));
        if !class(name).is_some_and(is_of_class) {
            return false;
        }
        (rest, text) = (behind, left);
    }
    text == rest.as_bytes()
}

/// What is left of a template, and the texts that it has given names to.
struct Expander<'a> {
    rest: &'a str,
    row: Row,
    names: BTreeMap<&'a str, Vec<u8>>,
}

impl<'a> Expander<'a> {
    /// A text up to what ends it, or to the end.
    fn text(&mut self, end: Option<&str>) -> Result<Vec<u8>, String> {
        let (start, mut out) = (self.rest, Vec::new());
        loop {
            if let Some(behind) = end.and_then(|end| self.rest.strip_prefix(end)) {
                self.rest = behind;
                return Ok(out);
            }
            if let Some(behind) = self.rest.strip_prefix("{{") {
                // `${{ x }}` is how GitHub workflows write an expression, not a template.
                if out.ends_with(b"$") && behind.starts_with(' ') {
                    out.extend(b"{{");
                    self.rest = behind;
                } else {
                    self.rest = behind;
                    out.extend(self.one()?);
                }
                continue;
            }
            match self.rest.chars().next() {
                Some(letter) => {
                    out.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
                }
                None if end.is_none() => return Ok(out),
                None => return Err(format!("`{start}` is not closed")),
            }
        }
    }

    /// A template behind its `{{`, with its end.
    fn one(&mut self) -> Result<Vec<u8>, String> {
        let body = self.rest;
        let length = body.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let (name, behind) = body.split_at(length);
        if let Some(inside) = behind.strip_prefix('(') {
            self.rest = inside;
            let text = self.text(Some(")}}"))?;
            let function = FUNCTIONS.iter().find(|(known, _)| *known == name);
            let made = function.and_then(|(_, function)| function(&text));
            return made.ok_or_else(|| format!("`{{{{{name}(…)}}}}` is no template"));
        }
        if let Some(inside) = behind.strip_prefix(":=") {
            // A template without its braces, or a text with templates.
            self.rest = inside;
            let plain = inside.split_once("}}").filter(|(plain, _)| !plain.contains("{{") && plain.contains(':'));
            let text = if plain.is_some() { self.one()? } else { self.text(Some("}}"))? };
            self.names.insert(name, text.clone());
            return Ok(text);
        }
        let (whole, behind) = body.split_once("}}").ok_or_else(|| format!("`{body}` is not closed"))?;
        self.rest = behind;
        self.simple(whole).ok_or_else(|| format!("`{{{{{whole}}}}}` is no template"))
    }

    /// What a template without templates inside stands for; `None` where it is unknown.
    fn simple(&mut self, whole: &str) -> Option<Vec<u8>> {
        if whole == "uuid" {
            let hex = class("hex")?;
            let mut digits = |count| (0..count).map(|_| self.row.pick(&hex)).collect::<String>();
            let parts = [digits(8), digits(4), digits(4), digits(4), digits(12)];
            let [a, b, c, d, e] = parts;
            return Some(format!("{a}-{b}-4{}-a{}-{e}", c.get(1..)?, d.get(1..)?).into_bytes());
        }
        let (name, rest) = whole.split_once(':').unwrap_or((whole, ""));
        if let Some(chars) = class(name) {
            let length: usize = rest.parse().ok()?;
            return Some((0..length).map(|_| self.row.pick(&chars)).collect::<String>().into_bytes());
        }
        if name == "bytes" {
            return bytes(rest, &mut || self.row.next());
        }
        if let Some((_, maker)) = MAKERS.iter().find(|(known, _)| *known == name) {
            return maker(rest, &mut || self.row.next()).map(String::into_bytes);
        }
        let [of, encoding, width] = rest.split(':').collect::<Vec<_>>()[..] else { return None };
        checksum(name, self.names.get(of)?, encoding, width).map(String::into_bytes)
    }
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
            assert_eq!(expand(&format!("{{{{base64url({text})}}}}"), "").unwrap(), code.trim_end_matches('='));
        }
    }

    #[test]
    fn functions_are_nested_and_hold_objects() {
        assert_eq!(expand("{{base64({{base64(foobar)}})}}", "").unwrap(), "Wm05dlltRnk=");
        assert_eq!(expand(r#"{{base64({"m":{"r":{{digit:0}}1}})}}."#, "").unwrap(), "eyJtIjp7InIiOjF9fQ==.");
        assert_eq!(expand("{{base64url({{unhex(fbFf)}})}}", "").unwrap(), "-_8");
        assert_eq!(expand("{{base64({{bytes:3}})}}", "").unwrap().len(), 4);
        for wrong in ["{{base64(a}}", "{{nope(a)}}", "{{unhex(f)}}", "{{unhex(xx)}}", "{{unhex(ff)}}", "{{a:={{hex:3}}"]
        {
            assert!(expand(wrong, "").is_err(), "{wrong}");
        }
    }

    #[test]
    fn checksums_are_those_of_named_texts() {
        // The check value of CRC-32.
        for (template, text) in [
            ("{{body:=123456789}}-{{crc32:body:hex:8}}", "123456789-cbf43926"),
            ("{{body:={{base64(123)}}}}{{crc32le:body:HEX:2}}", "MTIz4A"),
        ] {
            let expanded = expand(template, "").unwrap();
            assert!(expanded == text || expanded.starts_with("MTIz"), "{expanded}");
        }
        let token = expand("{{body:=alnum:30}}{{crc32:body:base62:6}}", "").unwrap();
        assert!(token.len() == 36 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(expand("{{body:=digit:4}}{{crc32:body:hex:8}}", "s").unwrap().len(), 12);
        for wrong in
            ["{{crc32:body:hex:8}}", "{{a:=b}}{{crc32:a:hex:9}}", "{{a:=b}}{{crc32:a}}", "{{a:=b}}{{md5:a:hex:8}}"]
        {
            assert!(expand(wrong, "").is_err(), "{wrong}");
        }
    }

    #[test]
    fn makes_what_no_formula_says() {
        for (template, length) in [
            ("{{azure:+ASt}}", 88),
            ("{{azure:AZDO}}", 84),
            ("{{azure-devops}}", 52),
            ("{{entra}}", 40),
            ("{{bech32:AGE-SECRET-KEY-:32}}", 74),
            ("{{base58check({{unhex(80)}}{{bytes:32}})}}", 51),
        ] {
            assert_eq!(expand(template, "").unwrap().len(), length, "{template}");
        }
        assert_eq!(expand("{{bip39:12}}", "").unwrap().split(' ').count(), 12);
        for wrong in ["{{azure:none}}", "{{bip39:13x}}", "{{bech32:a}}", "{{bytes:1000000}}"] {
            assert!(expand(wrong, "").is_err(), "{wrong}");
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
    fn what_a_template_could_make() {
        assert!(could_make("acme_{{hex:4}}-{{digit:2}}", b"acme_0af9-12") && could_make("", b""));
        for text in [&b"acme_0aF9-12"[..], b"acme_0af9-1", b"acme_0af9-123", b"acmE_0af9-12", b""] {
            assert!(!could_make("acme_{{hex:4}}-{{digit:2}}", text));
        }
    }

    #[test]
    fn takes_the_secret_out() {
        assert_eq!(marked("k=«v»;").unwrap(), ("k=v;".to_owned(), "v".to_owned()));
        assert!(marked("k=v").is_err());
    }
}
