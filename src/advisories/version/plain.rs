//! The order that all schemes but Java's agree on: of versions of plain numbers, as many in one as in the other. Most
//! versions are like that, and nothing has to be taken apart for them.

use std::cmp::Ordering;

/// Longer numbers are left to the schemes, in digits.
const MAX_DIGITS: u32 = 9;

/// The order of two versions such as `1.2.3` and `1.10.0`; `None` of others, and where a number begins with a zero that is
/// not all of it, which some schemes take for a fraction.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (mut a, mut b) = (a.bytes(), b.bytes());
    let mut order = Ordering::Equal;
    loop {
        let ((x, a_goes_on), (y, b_goes_on)) = (number(&mut a)?, number(&mut b)?);
        order = order.then(x.cmp(&y));
        match (a_goes_on, b_goes_on) {
            (true, true) => {}
            (false, false) => return Some(order),
            _ => return None,
        }
    }
}

/// The next number, and whether a dot is behind it.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<(u32, bool)> {
    let (mut value, mut digits) = (0, 0);
    loop {
        match bytes.next() {
            Some(byte @ b'0'..=b'9') if digits < MAX_DIGITS && (digits == 0 || value > 0) => {
                (value, digits) = (value * 10 + u32::from(byte - b'0'), digits + 1);
            }
            Some(b'.') if digits > 0 => return Some((value, true)),
            None if digits > 0 => return Some((value, false)),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Scheme;
    use super::super::ecosystem::one_of_each;
    use super::*;

    #[test]
    fn only_plain_numbers() {
        assert_eq!(compare("1.2.3", "1.10.0"), Some(Ordering::Less));
        assert_eq!(compare("0", "0"), Some(Ordering::Equal));
        for (a, b) in [("1.0", "1.0.0"), ("1.01", "1.1"), ("v1", "v2"), ("1.", "1."), ("", ""), ("1..2", "1..3")] {
            assert_eq!(compare(a, b), None, "{a} {b}");
        }
        assert_eq!(compare("999999999", "1000000000"), None);
    }

    proptest! {
        /// What makes it right to ask no scheme.
        #[test]
        fn every_scheme_agrees(
            a in "[0-9]{1,3}(\\.(0|[1-9][0-9]{0,9})){0,4}",
            b in "[0-9]{1,3}(\\.(0|[1-9][0-9]{0,9})){0,4}",
            same in any::<bool>(),
        ) {
            let b = if same { format!("{a}{}", b.chars().next().unwrap_or('1')) } else { b };
            if let Some(order) = compare(&a, &b) {
                for scheme in one_of_each().filter_map(Scheme::of).filter(|scheme| scheme.0.is_plain) {
                    prop_assert_eq!((scheme.0.compare)(&a, &b), order, "{} {} {}", scheme.name(), a, b);
                }
            }
        }
    }
}
