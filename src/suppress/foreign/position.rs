//! Defines [`Positions`]: which line of a JSON text a part of it begins on.

/// Where the lines of a text begin.
pub(super) struct Positions<'a> {
    text: &'a str,
    /// The offsets of line breaks, in bytes.
    breaks: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Those of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, breaks: memchr::memchr_iter(b'\n', text.as_bytes()).collect() }
    }

    /// The line, from 1, on which a part that was borrowed from the text begins.
    pub(super) fn line_of(&self, part: &str) -> usize {
        // Addresses are compared and never followed.
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.breaks.partition_point(|at| *at < offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_1() {
        let text = "a\nbc\n\nd";
        let positions = Positions::new(text);
        let lines = [0, 1, 2, 3, 6].map(|at| positions.line_of(&text[at..]));
        assert_eq!(lines, [1, 1, 2, 2, 4]);
    }
}
