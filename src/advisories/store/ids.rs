//! Ids of advisories in few bytes. Nearly all are a prefix, a year and a number, or GitHub's twelve symbols:
//!
//! | last three bits | what follows | such as |
//! | --- | --- | --- |
//! | 0 | nothing: the string is the id | `TALOS-2026` |
//! | 1 | seven bytes: twelve symbols of twenty | `GHSA-jfh8-c2jp-5v3q` |
//! | 2 to 7 | the year since 1970 and the number, of at least one to six digits, behind the string | `CVE-2021-44228` |
//!
//! The other bits of the first number are the number of the string.

use super::bytes::{Cursor, Damaged, put_varint};

/// GitHub's alphabet, without letters that make words or look alike.
const SYMBOLS: &[u8; 20] = b"23456789cfghjmpqrvwx";
const GHSA: &str = "GHSA-";
const YEAR_ZERO: u64 = 1970;
/// Ids with more digits are kept as they are.
const MOST_DIGITS: usize = 6;

/// An id in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parts<'a> {
    Whole(&'a str),
    Github(u64),
    Dated { prefix: &'a str, digits: usize, year: u64, number: u64 },
}

impl<'a> Parts<'a> {
    pub(super) fn of(id: &'a str) -> Self {
        github(id).or_else(|| dated(id)).unwrap_or(Self::Whole(id))
    }

    /// The string that it refers to; `None` where it needs none.
    pub(super) fn string(&self) -> Option<&'a str> {
        match self {
            Self::Whole(text) | Self::Dated { prefix: text, .. } => Some(text),
            Self::Github(_) => None,
        }
    }

    /// Writes it, with the number of its string.
    pub(super) fn put(self, string: u64, out: &mut Vec<u8>) {
        match self {
            Self::Whole(_) => put_varint(out, string << 3),
            Self::Github(symbols) => {
                out.push(1);
                out.extend_from_slice(symbols.to_le_bytes().get(..7).unwrap_or_default());
            }
            Self::Dated { digits, year, number, .. } => {
                put_varint(out, (string << 3) | (digits as u64 + 1));
                put_varint(out, year - YEAR_ZERO);
                put_varint(out, number);
            }
        }
    }
}

/// Reads an id; `string` gives the text of a number.
pub(super) fn read<'a>(
    cursor: &mut Cursor<'_>,
    string: impl Fn(usize) -> Result<&'a str, Damaged>,
) -> Result<String, Damaged> {
    let head = cursor.size()?;
    match head & 7 {
        0 => Ok(string(head >> 3)?.to_owned()),
        1 => {
            let mut bytes = [0; 8];
            bytes[..7].copy_from_slice(cursor.take(7)?);
            Ok(write_github(u64::from_le_bytes(bytes)))
        }
        kind => {
            let (prefix, digits) = (string(head >> 3)?, kind - 1);
            let year = cursor.varint()?.checked_add(YEAR_ZERO).ok_or(Damaged)?;
            let number = cursor.varint()?;
            Ok(format!("{prefix}{year}-{number:0digits$}"))
        }
    }
}

fn github(id: &str) -> Option<Parts<'_>> {
    let symbols = id.strip_prefix(GHSA)?.as_bytes();
    let is_formed = symbols.len() == 14 && symbols.get(4) == Some(&b'-') && symbols.get(9) == Some(&b'-');
    if !is_formed {
        return None;
    }
    // Twelve symbols of twenty fit; more would not.
    let mut value = 0u64;
    for (_, symbol) in symbols.iter().enumerate().filter(|(at, _)| !matches!(at, 4 | 9)) {
        value = value * 20 + SYMBOLS.iter().position(|known| known == symbol)? as u64;
    }
    Some(Parts::Github(value))
}

fn write_github(mut value: u64) -> String {
    let mut symbols = [b'2'; 12];
    for symbol in symbols.iter_mut().rev() {
        *symbol = SYMBOLS.get((value % 20) as usize).copied().unwrap_or_default();
        value /= 20;
    }
    let [a, b, c] = [0..4, 4..8, 8..12].map(|part| String::from_utf8_lossy(&symbols[part]).into_owned());
    format!("{GHSA}{a}-{b}-{c}")
}

fn dated(id: &str) -> Option<Parts<'_>> {
    let (rest, number) = id.rsplit_once('-')?;
    let prefix = rest.get(..rest.len().checked_sub(4)?)?;
    let year = rest.get(prefix.len()..)?;
    let is_number = |text: &str| !text.is_empty() && text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(year) || !is_number(number) || !(prefix.is_empty() || prefix.ends_with('-')) {
        return None;
    }
    // Four digits, as nearly all databases write, unless it takes another number of zeros.
    let is_plain = number.len() >= 4 && !number.starts_with('0');
    let digits = if is_plain { 4 } else { number.len() };
    let year: u64 = year.parse().ok().filter(|year| *year >= YEAR_ZERO)?;
    (digits <= MOST_DIGITS).then_some(Parts::Dated { prefix, digits, year, number: number.parse().ok()? })
}

/// Where an id is in the index; letters count alike in upper and lower case. FNV-1a, 32 bits.
pub(super) fn hash(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn again(id: &str) -> (String, usize) {
        let (parts, mut bytes) = (Parts::of(id), Vec::new());
        parts.put(3, &mut bytes);
        let text = parts.string().unwrap_or_default();
        let read = read(&mut Cursor::at(&bytes, 0).unwrap(), |at| if at == 3 { Ok(text) } else { Err(Damaged) });
        (read.unwrap(), bytes.len())
    }

    #[test]
    fn ids_come_back_and_are_small() {
        for (id, bytes) in [
            ("CVE-2021-44228", 5),
            ("CVE-1999-0001", 3),
            ("CVE-2024-1000001", 5),
            ("GHSA-jfh8-c2jp-5v3q", 8),
            ("GHSA-jfh8-c2jp-5v3a", 1),
            ("GHSA-JFH8-c2jp-5v3q", 1),
            ("GHSA-jfh8-c2jp-5v3qxxxxxxxx", 1),
            ("RUSTSEC-2020-0071", 3),
            ("BIT-airflow-2020-11978", 4),
            ("DRUPAL-CORE-2020-001", 3),
            ("SA-2024-00012", 3),
            ("X-2024-0000012", 1),
            ("2024-12", 3),
            ("CVE-1800-0001", 1),
            ("x", 1),
            ("ALAS2-2024-2399", 4),
        ] {
            assert_eq!(again(id), (id.to_owned(), bytes), "{id}");
        }
    }

    proptest! {
        #[test]
        fn every_id_comes_back(id in "(CVE|GHSA|A)?-?[0-9a-z]{0,5}-?[0-9cfx]{0,5}-?[0-9cfx]{0,20}") {
            prop_assert_eq!(again(&id).0, id);
        }
    }
}
