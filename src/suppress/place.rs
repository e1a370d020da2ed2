//! Defines [`Place`]: where an acceptance is written.

use crate::finding::marker;

/// Where an acceptance is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A `scanall:ignore` beside the finding.
    Inline,
    /// A comment beside the finding that is written for another tool; the word of it.
    Marker(&'static str),
    /// An `[[ignore]]`, counted from 1 in the order of the file.
    Config(usize),
    /// An entry of the baseline.
    Baseline,
    /// A line of a file of another tool, counted from 1.
    File {
        /// What people call the file, printable.
        name: String,
        /// The line.
        line: usize,
    },
}

impl Place {
    /// The word for programs: `inline`, `inline gitleaks:allow`, `ignore 3`, `baseline`, `file .gitleaksignore:3`.
    pub fn id(&self) -> String {
        match self {
            Self::Inline => "inline".to_owned(),
            Self::Marker(word) => format!("inline {word}"),
            Self::Config(number) => format!("ignore {number}"),
            Self::Baseline => "baseline".to_owned(),
            Self::File { name, line } => format!("file {name}:{line}"),
        }
    }

    /// Reads [`Place::id`] of a report; `None` for anything else.
    pub fn parse(id: &str) -> Option<Self> {
        match id.split_once(' ') {
            None if id == "inline" => Some(Self::Inline),
            None if id == "baseline" => Some(Self::Baseline),
            Some(("inline", word)) => marker::word(word).map(Self::Marker),
            Some(("ignore", number)) => number.parse().ok().map(Self::Config),
            Some(("file", place)) => {
                let (name, line) = place.rsplit_once(':')?;
                Some(Self::File { name: crate::text::printable(name), line: line.parse().ok()? })
            }
            _ => None,
        }
    }

    /// The words for people, behind `accepted by`.
    pub fn words(&self) -> String {
        match self {
            Self::Inline => "a comment on its line".to_owned(),
            Self::Marker(word) => format!("the comment `{word}` beside it"),
            Self::Config(number) => format!("[[ignore]] number {number}"),
            Self::Baseline => "the baseline".to_owned(),
            Self::File { name, line } => format!("line {line} of {name}"),
        }
    }

    /// Whether it is in the file of the finding itself.
    pub fn is_in_source(&self) -> bool {
        matches!(self, Self::Inline | Self::Marker(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let file = Place::File { name: "a b:c".to_owned(), line: 3 };
        for place in [Place::Inline, Place::Marker("gitleaks:allow"), Place::Config(12), Place::Baseline, file] {
            assert_eq!(Place::parse(&place.id()), Some(place));
        }
        for bad in ["", "inline x", "ignore", "ignore x", "file a", "file a:b", "baseline x"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }
}
