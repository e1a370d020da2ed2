//! Checks common annotated security keys (CASK) of Azure: `JQQJ` and a provider's signature at fixed places.
//!
//! The layout is that of `IdentifiableSecrets.cs` and `LegacyCommonAnnotatedSecurityKey.cs` in security-utilities.

use super::super::alphabet::{BASE62, BASE64};
use super::super::marvin::hash32;
use super::super::verdict::Verdict;
use super::seed;

/// What all of them have, and where, in digits of base64.
const MARK: (usize, &[u8]) = (52, b"JQQJ9");
/// Where the provider's four digits begin; lower case for keys that Microsoft manages itself.
const PROVIDER: usize = 76;
/// Where the checksum begins.
const SUM: usize = 80;
/// The lengths, in characters: the short form, and the long one with more of the checksum and padding.
const LENGTHS: [usize; 2] = [84, 88];

/// The providers that are known, in upper case.
const PROVIDERS: &[(&[u8; 4], &str)] = &[
    (b"MSQL", "SQL Server"),
    (b"AZAC", "Azure App Configuration"),
    (b"AZFR", "Azure Fluid Relay"),
    (b"AZEG", "Azure Event Grid"),
    (b"AZDO", "Azure DevOps"),
    (b"AZMR", "Azure Mixed Reality"),
    (b"AZMP", "Azure Maps"),
    (b"AZCS", "Azure Communication Services"),
    (b"ACOG", "Azure AI services"),
];

/// The verdict on a key; `None` for one of another form.
pub(super) fn verdict(key: &[u8]) -> Option<Verdict> {
    let (at, mark) = MARK;
    if !LENGTHS.contains(&key.len()) || key.get(at..at + mark.len()) != Some(mark) {
        return None;
    }
    let provider = key.get(PROVIDER..SUM)?.to_ascii_uppercase();
    let name = PROVIDERS.iter().find(|(known, _)| known[..] == provider).map_or("Azure", |(_, name)| name);
    let sum: &[u8] = key.get(SUM..)?.strip_suffix(b"==").or(key.get(SUM..))?;
    let right =
        checksums(key.get(..SUM)?).is_some_and(|sums| sums.iter().any(|right| right.as_bytes().starts_with(sum)));
    let verdict = match right {
        true => Verdict::confirmed(format!("its checksum is right for {name}")),
        false => Verdict::refuted(format!("its checksum is wrong for {name}")),
    };
    let verdict = verdict.with("product", name);
    Some(match made(key) {
        Some(made) => verdict.with("made", made),
        None => verdict,
    })
}

/// The checksum of the first 80 digits in both ways to write it: as a number in base62, its least significant byte
/// first, with zeros behind it, and as its bytes in base64.
fn checksums(head: &[u8]) -> Option<[String; 2]> {
    let sum = hash32(&BASE64.decode(head)?, seed(b"Default0"));
    let number = BASE62.number(u64::from(sum.swap_bytes()), 1);
    // Six digits of base64 hold four bits more than four bytes have: the last one is cut down to those that count.
    let padded = format!("{number:0<6}");
    Some([BASE64.encode(&BASE64.decode(padded.as_bytes())?), BASE64.encode(&sum.to_le_bytes())])
}

/// The month in which it was made, as `2024-07`: a base64 digit for the years since 2024, and one for the month.
fn made(key: &[u8]) -> Option<String> {
    let (year, month) = (BASE64.value(*key.get(58)?)?, BASE64.value(*key.get(59)?)?);
    (month < 12).then(|| format!("{}-{:02}", 2024 + u16::from(year), month + 1))
}

/// A genuine key of a known provider in the short form; `None` for an unknown one.
pub(super) fn make(provider: &str, random: &mut dyn FnMut() -> u8) -> Option<String> {
    PROVIDERS.iter().find(|(known, _)| known[..] == *provider.as_bytes())?;
    let body: String = (0..MARK.0).map(|_| BASE62.digit(u64::from(random()) % 62)).collect();
    let head = format!("{body}JQQJ99BCACAAAAAAAAAAAAAA{provider}");
    let [sum, _] = checksums(head.as_bytes())?;
    Some(format!("{head}{}", sum.get(..4)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn both_forms_and_both_checksums_count() {
        let mut next = 0u8;
        let mut random = || {
            next = next.wrapping_mul(5).wrapping_add(113);
            next
        };
        let short = make("ACOG", &mut random).unwrap();
        assert_eq!(short.len(), 84);
        let said = verdict(short.as_bytes()).unwrap();
        assert_eq!((said.outcome, &*said.reason), (Outcome::Confirmed, "its checksum is right for Azure AI services"));
        assert_eq!(said.facts["made"], "2025-03");
        for sum in checksums(&short.as_bytes()[..SUM]).unwrap() {
            let long = format!("{}{sum}==", &short[..SUM]);
            assert_eq!(verdict(long.as_bytes()).unwrap().outcome, Outcome::Confirmed);
        }
        let wrong = format!("{}zzzz", &short[..SUM]);
        assert_eq!(verdict(wrong.as_bytes()).unwrap().outcome, Outcome::Refuted);
        assert_eq!(verdict(&short.as_bytes()[1..]), None);
        assert_eq!(make("XXXX", &mut random), None);
    }
}
