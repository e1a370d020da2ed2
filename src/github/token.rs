//! Defines [`Token`]: what GitHub knows us by.

/// A token of the GitHub API. It has no `Display`, no `Debug` and no `Serialize`; the only way out is the header of a
/// request.
#[derive(Clone)]
pub struct Token(Box<str>);

impl Token {
    /// Wraps a token; `None` when it is empty or cannot stand in a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.into()))
    }

    /// The raw text, for the header of a request.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A server's words without the token, should they quote it.
    pub fn hide_in(&self, text: &str) -> String {
        text.replace(&*self.0, "[token]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_header_is_no_token() {
        assert!(Token::new(" ghs_abc\n").is_some());
        assert!(Token::new("  ").is_none() && Token::new("a\nb").is_none() && Token::new("gr\u{fc}n").is_none());
    }
}
