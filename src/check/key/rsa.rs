//! Says whether the numbers of an RSA key belong together.

use super::Wrong;
use super::ssh::{bits, trimmed};

/// The largest modulus that is multiplied out, in bits; that of every tool is smaller.
const LARGEST: usize = 16_384;

/// Makes sure that a modulus is the product of two primes of a key. All are big-endian, with or without zeros in front.
///
/// # Errors
/// It is not, or the numbers are larger than any tool makes them.
pub(super) fn belong(modulus: &[u8], p: &[u8], q: &[u8]) -> Result<(), Wrong> {
    if [modulus, p, q].iter().any(|number| bits(number) > LARGEST || bits(number) < 2) {
        return Err("its numbers are too large or too small");
    }
    match product(p, q) == trimmed(modulus) {
        true => Ok(()),
        false => Err("its modulus is not the product of its primes"),
    }
}

/// The product of two numbers, without zeros in front.
fn product(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; a.len() + b.len()];
    for (shift, x) in a.iter().rev().enumerate() {
        let mut carry = 0u16;
        for (place, y) in b.iter().rev().map(Some).chain([None]).enumerate() {
            let Some(digit) = out.get_mut(shift + place) else { continue };
            // At most 255 * 255 + 255 + 255, which is 0xffff.
            let sum = u16::from(*x) * u16::from(y.copied().unwrap_or_default()) + u16::from(*digit) + carry;
            *digit = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
    }
    out.reverse();
    trimmed(&out).to_vec()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn multiplies(a in 2u64.., b in 2u64..) {
            let modulus = (u128::from(a) * u128::from(b)).to_be_bytes();
            prop_assert_eq!(belong(&modulus, &a.to_be_bytes(), &b.to_be_bytes()), Ok(()));
            let other = ((u128::from(a) * u128::from(b)) ^ 1).to_be_bytes();
            prop_assert!(belong(&other, &a.to_be_bytes(), &b.to_be_bytes()).is_err());
        }
    }

    #[test]
    fn the_largest_numbers_fit() {
        let ones = [0xff; 40];
        let mut square = vec![0xff; 39];
        square.push(0xfe);
        square.extend([0; 39]);
        square.push(1);
        assert_eq!(belong(&square, &ones, &ones), Ok(()));
        assert!(belong(&vec![1; 2050], &ones, &ones).is_err());
        assert!(belong(&[], &[], &[]).is_err());
    }
}
