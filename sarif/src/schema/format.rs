//! Defines [`Format`] and [`Pattern`]: what the standard asks of texts.

use crate::uri;

/// What a text is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// An absolute URI.
    Uri,
    /// A URI, or one relative to another.
    Reference,
    /// A point in time of RFC 3339.
    Time,
}

impl Format {
    pub(super) fn read(word: &str) -> Option<Self> {
        Some(match word {
            "uri" => Self::Uri,
            "uri-reference" => Self::Reference,
            "date-time" => Self::Time,
            _ => return None,
        })
    }

    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Self::Uri => uri::is_absolute(text),
            Self::Reference => uri::is_reference(text),
            Self::Time => is_time(text),
        }
    }

    /// The text, brought into this form; `None` when that would be guessing.
    pub(super) fn repaired(self, text: &str) -> Option<String> {
        let repaired = match self {
            Self::Uri => uri::link(text).unwrap_or_else(|| uri::encoded(text.trim())),
            Self::Reference => uri::encoded(text.trim()),
            Self::Time => text.trim().replacen(' ', "T", 1),
        };
        self.fits(&repaired).then_some(repaired)
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Uri => "absolute URI of RFC 3986",
            Self::Reference => "URI of RFC 3986",
            Self::Time => "time of RFC 3339 in UTC",
        }
    }
}

/// The forms of texts that the schema describes by regular expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `[0-9]+(\.[0-9]+){3}` somewhere.
    FourNumbers,
    /// Something, a slash, something.
    MimeType,
    /// Two letters at the start.
    Language,
    /// A GUID of RFC 4122.
    Guid,
}

impl Pattern {
    pub(super) fn read(expression: &str) -> Option<Self> {
        Some(match expression {
            "[0-9]+(\\.[0-9]+){3}" => Self::FourNumbers,
            "[^/]+/.+" => Self::MimeType,
            "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$" => Self::Language,
            _ if expression.starts_with("^[0-9a-fA-F]{8}-") => Self::Guid,
            _ => return None,
        })
    }

    pub(super) fn fits(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::FourNumbers => text.split(|c: char| !c.is_ascii_digit() && c != '.').any(|numbers| {
                let groups: Vec<&str> = numbers.split('.').collect();
                groups.windows(4).any(|four| four.iter().all(|group| !group.is_empty()))
            }),
            Self::MimeType => {
                let mut slashes = text.match_indices('/').map(|(at, _)| at);
                slashes
                    .any(|at| at > 0 && bytes[at - 1] != b'/' && bytes.get(at + 1).is_some_and(|next| *next != b'\n'))
            }
            Self::Language => bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_alphabetic),
            Self::Guid => {
                let groups = text.split('-').map(|group| (group.len(), group.bytes().all(|b| b.is_ascii_hexdigit())));
                groups.eq([8, 4, 4, 4, 12].map(|length| (length, true)))
                    && matches!(bytes[14], b'1'..=b'5')
                    && b"89abAB".contains(&bytes[19])
            }
        }
    }
}

/// `2026-11-21T09:00:00.123Z`, which is the form the standard asks for.
fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.strip_suffix('Z').and_then(|text| text.split_once('T')) else { return false };
    let numbers = |text: &str, separator: char, widths: &[usize]| -> Option<Vec<u32>> {
        let parts: Vec<&str> = text.split(separator).collect();
        let fits = parts.iter().map(|part| part.len()).eq(widths.iter().copied());
        fits.then(|| parts.iter().map(|part| number(part)).collect()).flatten()
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_fraction = (1..=9).contains(&fraction.len()) && number(fraction).is_some();
    let (Some(date), Some(clock)) = (numbers(date, '-', &[4, 2, 2]), numbers(clock, ':', &[2, 2, 2])) else {
        return false;
    };
    let (year, month, day) = (date[0], date[1], date[2]);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    is_fraction && year > 0 && (1..=days).contains(&day) && clock[0] < 24 && clock[1] < 60 && clock[2] < 60
}

fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_texts() {
        for (text, expected) in [
            ("2026-11-21T09:00:00Z", true),
            ("2026-11-21T09:00:00.123Z", true),
            ("2024-02-29T23:59:59Z", true),
            ("2026-02-29T09:00:00Z", false),
            ("2026-13-01T09:00:00Z", false),
            ("2026-11-21T24:00:00Z", false),
            ("2026-11-21T09:00:00", false),
            ("2026-11-21", false),
            ("+026-11-21T09:00:00Z", false),
            ("soon", false),
        ] {
            assert_eq!(is_time(text), expected, "{text}");
        }
        assert_eq!(Format::Time.repaired("2026-11-21 09:00:00Z").as_deref(), Some("2026-11-21T09:00:00Z"));
    }

    #[test]
    fn patterns_fit_what_they_describe() {
        assert!(Pattern::Guid.fits("11111111-1111-1111-8888-111111111111"));
        assert!(!Pattern::Guid.fits("11111111-1111-7111-8888-111111111111"));
        assert!(!Pattern::Guid.fits("11111111-1111-1111-8888-11111111111é"));
        assert!(Pattern::Language.fits("en-US") && !Pattern::Language.fits("e"));
        assert!(Pattern::MimeType.fits("text/x") && !Pattern::MimeType.fits("text/") && !Pattern::MimeType.fits("/x"));
        assert!(Pattern::FourNumbers.fits("1.2.3.4") && !Pattern::FourNumbers.fits("1.2.3"));
    }
}
