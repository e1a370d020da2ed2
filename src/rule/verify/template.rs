//! Defines [`Template`]: a text with slots for the credential and what belongs to it.

use std::str::FromStr;

use serde::Deserialize;

/// A text with slots: `Bearer {secret}`, `{dc}`, `{need:twilio-account-sid}`. `{{` and `}}` are braces.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

/// What is put into a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The credential.
    Secret,
    /// A named group of the pattern `parts` over it.
    Part(String),
    /// The credential of a needed rule, by the rule's id without `secret/`.
    Need(String),
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut pieces, mut plain) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, behind) = rest.split_at(at);
            plain.push_str(before);
            if let Some(behind) = behind.strip_prefix("{{") {
                plain.push('{');
                rest = behind;
            } else if let Some(behind) = behind.strip_prefix("}}") {
                plain.push('}');
                rest = behind;
            } else {
                let slot = behind.strip_prefix('{').and_then(|behind| behind.split_once('}'));
                let (name, behind) = slot.ok_or_else(|| format!("the brace of `{behind}` stands alone"))?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Slot(slot_of(name)?));
                rest = behind;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }
}

fn slot_of(name: &str) -> Result<Slot, String> {
    let is_word = |word: &str, more: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c))
    };
    match name.strip_prefix("need:") {
        Some(rule) if is_word(rule, "-") => Ok(Slot::Need(rule.to_owned())),
        None if name == "secret" => Ok(Slot::Secret),
        None if is_word(name, "_") => Ok(Slot::Part(name.to_owned())),
        _ => Err(format!("`{{{name}}}` is no slot: write {{secret}}, {{a_group_of_parts}} or {{need:a-rule}}")),
    }
}

impl Template {
    /// The text before the first slot.
    pub fn start(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// Its slots, in order.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter().filter_map(|piece| if let Piece::Slot(slot) = piece { Some(slot) } else { None })
    }

    /// The text with each slot filled.
    ///
    /// # Errors
    /// The slot that `fill` has nothing for.
    pub fn expand(&self, fill: impl Fn(&Slot) -> Option<String>) -> Result<String, Slot> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => out.push_str(&fill(slot).ok_or_else(|| slot.clone())?),
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slots_are_filled_and_braces_stay() {
        let template: Template = "{{\"a\": \"{secret}{dc}\"}} {need:x-id}".parse().unwrap();
        let fill = |slot: &Slot| match slot {
            Slot::Secret => Some("S{dc}".to_owned()),
            Slot::Part(name) => Some(format!("<{name}>")),
            Slot::Need(rule) => Some(format!("[{rule}]")),
        };
        // What is filled in is no template itself.
        assert_eq!(template.expand(fill).unwrap(), "{\"a\": \"S{dc}<dc>\"} [x-id]");
        assert_eq!(template.expand(|slot| (*slot == Slot::Secret).then(String::new)), Err(Slot::Part("dc".to_owned())));
    }

    #[test]
    fn lone_braces_and_strange_slots_are_errors() {
        for bad in ["{", "}", "a{b", "{}", "{Secret}", "{need:}", "{need:A}", "{a b}", "{secret|base64}"] {
            assert!(bad.parse::<Template>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_text_without_slots_is_itself(text in "[^{}]{0,40}") {
            let escaped = format!("{{{{{text}}}}}");
            let made = escaped.parse::<Template>().unwrap();
            prop_assert_eq!(made.expand(|_| None).unwrap(), format!("{{{text}}}"));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{}a-z:{}]{0,30}") {
            let _ = text.parse::<Template>();
        }
    }
}
