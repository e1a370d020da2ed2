//! Defines [`Wide`]: text in units of two or four bytes, UTF-16 and UTF-32, and how to tell it from anything else.

/// So many bytes at the start tell wide text from other text.
const SAMPLE: usize = 512;
/// Of so few bytes none are taken for wide text without a byte order mark.
const LEAST: usize = 8;

/// The form of a text in units of more than one byte (the Unicode Standard, section 3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    /// UTF-16, with the high byte first or last.
    Utf16 { big: bool },
    /// UTF-32, with the high byte first or last.
    Utf32 { big: bool },
}

impl Wide {
    /// Tells the form by a byte order mark, or by the zeros that ASCII characters have, which must be most; `None` for
    /// anything else.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xfe, 0, 0, ..] => Some(Self::Utf32 { big: false }),
            [0, 0, 0xfe, 0xff, ..] => Some(Self::Utf32 { big: true }),
            [0xff, 0xfe, ..] => Some(Self::Utf16 { big: false }),
            [0xfe, 0xff, ..] => Some(Self::Utf16 { big: true }),
            [first, second, ..] if *first == 0 || *second == 0 => Self::without_mark(bytes),
            _ => None,
        }
    }

    /// Eight in ten characters are ASCII, and none is zero.
    fn without_mark(bytes: &[u8]) -> Option<Self> {
        let sample = &bytes[..bytes.len().min(SAMPLE) & !3];
        let forms = [
            Self::Utf32 { big: false },
            Self::Utf32 { big: true },
            Self::Utf16 { big: false },
            Self::Utf16 { big: true },
        ];
        forms.into_iter().find(|form| {
            let units = sample.len() / form.width();
            let ascii = form.units(sample).filter(|unit| (1..0x80).contains(unit)).count();
            sample.len() >= LEAST && ascii * 10 >= units * 8 && form.units(sample).all(|unit| unit != 0)
        })
    }

    /// The text in UTF-8, without byte order marks. What is no character is the replacement character, and a unit that
    /// is cut short is left out.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        let units = self.units(bytes).filter(|unit| *unit != 0xfeff);
        match self {
            // Units of UTF-16 fit.
            Self::Utf16 { .. } => char::decode_utf16(units.map(|unit| unit as u16))
                .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
            Self::Utf32 { .. } => {
                units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }

    fn width(self) -> usize {
        match self {
            Self::Utf16 { .. } => 2,
            Self::Utf32 { .. } => 4,
        }
    }

    fn units(self, bytes: &[u8]) -> impl Iterator<Item = u32> {
        let (Self::Utf16 { big } | Self::Utf32 { big }) = self;
        let add = |unit: u32, byte: &u8| unit << 8 | u32::from(*byte);
        bytes.chunks_exact(self.width()).map(move |unit| match big {
            true => unit.iter().fold(0, add),
            false => unit.iter().rev().fold(0, add),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORMS: [Wide; 4] =
        [Wide::Utf16 { big: false }, Wide::Utf16 { big: true }, Wide::Utf32 { big: false }, Wide::Utf32 { big: true }];

    fn encoded(form: Wide, text: &str) -> Vec<u8> {
        let utf16 = || text.encode_utf16();
        let utf32 = || text.chars().map(u32::from);
        match form {
            Wide::Utf16 { big: false } => utf16().flat_map(u16::to_le_bytes).collect(),
            Wide::Utf16 { big: true } => utf16().flat_map(u16::to_be_bytes).collect(),
            Wide::Utf32 { big: false } => utf32().flat_map(u32::to_le_bytes).collect(),
            Wide::Utf32 { big: true } => utf32().flat_map(u32::to_be_bytes).collect(),
        }
    }

    #[test]
    fn what_is_not_wide() {
        for bytes in [
            &b"plain text"[..],
            &[0; 100],
            b"a\0b",
            b"",
            b"\0",
            b"a\0\0\0b\0\0\0\0\0\0\0",
            b"\0asm\x01\0\0\0\x01\x07\x01\x60",
        ] {
            assert_eq!(Wide::of(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_was_written(text in "[a-zA-Z0-9 =\n]{20,60}[a-z\u{e9}\u{4e2d}\u{1f600}]{0,2}", mark: bool) {
            for form in FORMS {
                let bytes = encoded(form, &format!("{}{text}", if mark { "\u{feff}" } else { "" }));
                prop_assert_eq!(Wide::of(&bytes), Some(form));
                prop_assert_eq!(form.text(&bytes), text.as_str());
            }
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(prop_oneof![Just(0), any::<u8>()], 0..64)) {
            for form in FORMS.into_iter().chain(Wide::of(&bytes)) {
                prop_assert!(form.text(&bytes).chars().count() <= bytes.len() / form.width() + 1);
            }
        }
    }
}
