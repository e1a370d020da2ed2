//! Defines [`Armor`]: the label, the headers and the bytes of a key between `BEGIN` and `END` (RFC 7468, RFC 1421,
//! RFC 9580), taken out of whatever a file puts around its lines.

use super::{Key, Wrong};
use crate::check::alphabet::BASE64;

/// An armored key.
pub(super) struct Armor {
    /// What stands behind `BEGIN`.
    pub(super) label: String,
    /// The checksum in the last line of OpenPGP's armor, in base64.
    pub(super) sum: Option<String>,
    pub(super) body: Vec<u8>,
    /// Whether nothing but base64 was in the lines of the body.
    pub(super) is_clean: bool,
    headers: Vec<(String, String)>,
}

/// Turns the escapes of strings, such as `\n`, into what they mean, as deep as they are nested.
pub(super) fn unescape(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        while letters.next_if_eq(&'\\').is_some() {}
        match letters.peek() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            // One at the end of a line continues it; one before a quote or a slash escapes that.
            _ => continue,
        }
        letters.next();
    }
    out
}

impl Armor {
    /// Reads the first armored private key of a text; `None` where its begin or its end is missing.
    pub(super) fn read(text: &str) -> Option<Self> {
        // Parameters of a curve may stand before it, in an armor of their own. That of ssh.com has four dashes (RFC 4716).
        let mut blocks = text.split("---- BEGIN ").skip(1).chain(text.split("-----BEGIN ").skip(1));
        let (label, rest) = blocks.find_map(|block| {
            let (label, rest) = block.split_once("----")?;
            label.contains("PRIVATE KEY").then_some((label.trim(), rest.strip_prefix('-').unwrap_or(rest)))
        })?;
        let end = rest.find("-----END ").or_else(|| rest.find("---- END "))?;
        let (inside, _) = rest.split_at_checked(end)?;
        // What stands before the end stands before every line: an indent, a quote, the mark of a comment or a change.
        let prefix = inside.rsplit_once('\n').map_or("", |(_, prefix)| prefix);
        let (mut headers, mut code, mut is_clean, mut sum) = (Vec::new(), String::new(), true, None);
        for line in inside.lines() {
            let line = line.strip_prefix(prefix).unwrap_or(line).trim();
            if let Some((name, value)) = line.split_once(": ") {
                headers.push((name.trim_matches(['"', '\'']).to_owned(), value.to_owned()));
                continue;
            }
            let line = line.trim_start_matches(['"', '\'']);
            let end = line.find(|letter: char| !letter.is_ascii_whitespace() && !is_base64(letter));
            let (text, rest) = line.split_at(end.unwrap_or(line.len()));
            // The end of a string, and what joins it to the next.
            is_clean &= rest.chars().all(|letter| "\"'`,;+&. ".contains(letter));
            match text.trim() {
                "+" => {}
                text if text.starts_with('=') && text.len() == 5 => sum = text.get(1..).map(str::to_owned),
                text => code.extend(text.chars().filter(|letter| is_base64(*letter))),
            }
        }
        let body = BASE64.decode(code.as_bytes()).unwrap_or_default();
        Some(Self { label: label.to_owned(), sum, body, is_clean, headers })
    }

    /// Whether its headers say that a passphrase protects it: RFC 1421, section 4.6.1.1, as OpenSSL writes it.
    pub(super) fn is_encrypted(&self) -> bool {
        self.header("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED"))
    }

    /// What the headers and the length say of an encrypted key.
    pub(super) fn hidden(&self, label: &str) -> Result<Key, Wrong> {
        let cipher = self.header("DEK-Info").unwrap_or_default();
        let block = if cipher.starts_with("DES") || cipher.starts_with("BF") { 8 } else { 16 };
        if cipher.is_empty() || self.body.is_empty() || !self.body.len().is_multiple_of(block) {
            return Err("its length is not that of its cipher");
        }
        let kind = match label.strip_suffix("PRIVATE KEY").unwrap_or_default().trim() {
            "EC" => "ECDSA".to_owned(),
            "ANY" | "ENCRYPTED" => String::new(),
            other => other.to_owned(),
        };
        Ok(Key { kind, encrypted: true, ..Key::default() })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=')
}
