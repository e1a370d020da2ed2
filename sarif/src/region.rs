//! Defines [`Region`]: which text of a file is meant.

use serde_sarif::sarif;

/// A range of text. Lines and columns count from 1; columns count Unicode code points; the end column is the one
/// behind the last character.
///
/// A range that contradicts itself would make GitHub refuse the file and is repaired when written: a zero becomes
/// 1, an end line before the start line becomes the start line, an end column before the start column is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// First line.
    pub start_line: u32,
    /// Column of the first character; `None` means the start of the line.
    pub start_column: Option<u32>,
    /// Last line; `None` means the first.
    pub end_line: Option<u32>,
    /// Column behind the last character; `None` means the end of the line.
    pub end_column: Option<u32>,
}

impl Region {
    /// The whole of one line.
    pub fn line(line: u32) -> Self {
        Self { start_line: line, start_column: None, end_line: None, end_column: None }
    }

    /// The whole of several lines, the last included.
    pub fn lines(start_line: u32, end_line: u32) -> Self {
        Self { end_line: Some(end_line), ..Self::line(start_line) }
    }

    /// The text from one character up to, not including, another.
    pub fn span(start_line: u32, start_column: u32, end_line: u32, end_column: u32) -> Self {
        Self { start_line, start_column: Some(start_column), end_line: Some(end_line), end_column: Some(end_column) }
    }

    /// The last line, whether it was given or not.
    pub(crate) fn last_line(self) -> u32 {
        self.end_line.unwrap_or(self.start_line).max(self.start_line)
    }

    pub(crate) fn to_wire(self) -> sarif::Region {
        let last_line = self.last_line();
        let first_column = self.start_column.unwrap_or(1);
        let end_column = self.end_column.filter(|end| last_line > self.start_line || *end >= first_column);
        sarif::Region {
            start_line: Some(position(self.start_line)),
            start_column: self.start_column.map(position),
            end_line: self.end_line.map(|_| position(last_line)),
            end_column: end_column.map(position),
            ..sarif::Region::default()
        }
    }
}

/// A line or column as readers take it: from 1, and no more than a signed 32-bit number holds.
fn position(number: u32) -> i64 {
    i64::from(number.clamp(1, i32::MAX as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_repaired() {
        let written = |region: Region| {
            let wire = region.to_wire();
            (wire.start_line, wire.start_column, wire.end_line, wire.end_column)
        };
        assert_eq!(written(Region::line(0)), (Some(1), None, None, None));
        assert_eq!(written(Region::lines(5, 3)), (Some(5), None, Some(5), None));
        assert_eq!(written(Region::span(2, 7, 2, 3)), (Some(2), Some(7), Some(2), None));
        assert_eq!(written(Region::span(2, 7, 3, 3)), (Some(2), Some(7), Some(3), Some(3)));
        assert_eq!(written(Region::span(2, 7, 1, 9)), (Some(2), Some(7), Some(2), Some(9)));
        assert_eq!(written(Region::line(u32::MAX)).0, Some(2_147_483_647));
    }
}
