//! The named character references of ASCII characters.

/// The longest one, without `&` and `;`.
pub(super) const LONGEST: usize = 16;

/// The character of a name; `None` for a name of no ASCII character.
pub(super) fn named(name: &[u8]) -> Option<u8> {
    NAMES.iter().find(|(_, names)| names.iter().any(|known| known.as_bytes() == name)).map(|(value, _)| *value)
}

/// From the table of the HTML standard, section 13.5 (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const NAMES: &[(u8, &[&str])] = &[
    (b'&', &["amp", "AMP"]),
    (b'"', &["quot", "QUOT"]),
    (b'<', &["lt", "LT"]),
    (b'>', &["gt", "GT"]),
    (b'\'', &["apos"]),
    (b'\t', &["Tab"]),
    (b'\n', &["NewLine"]),
    (b'!', &["excl"]),
    (b'#', &["num"]),
    (b'$', &["dollar"]),
    (b'%', &["percnt"]),
    (b'(', &["lpar"]),
    (b')', &["rpar"]),
    (b'*', &["ast", "midast"]),
    (b'+', &["plus"]),
    (b',', &["comma"]),
    (b'.', &["period"]),
    (b'/', &["sol"]),
    (b':', &["colon"]),
    (b';', &["semi"]),
    (b'=', &["equals"]),
    (b'?', &["quest"]),
    (b'@', &["commat"]),
    (b'[', &["lsqb", "lbrack"]),
    (b'\\', &["bsol"]),
    (b']', &["rsqb", "rbrack"]),
    (b'^', &["Hat"]),
    (b'_', &["lowbar", "UnderBar"]),
    (b'`', &["grave", "DiacriticalGrave"]),
    (b'{', &["lcub", "lbrace"]),
    (b'|', &["verbar", "vert", "VerticalLine"]),
    (b'}', &["rcub", "rbrace"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_twice_and_none_too_long() {
        let mut names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(names.iter().map(|name| name.len()).max(), Some(LONGEST));
        assert_eq!((named(b"lowbar"), named(b"nbsp")), (Some(b'_'), None));
    }
}
