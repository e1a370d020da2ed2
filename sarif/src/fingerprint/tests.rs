//! Holds [`line_hashes`] to the vectors of codeql-action's `src/fingerprints.test.ts` and to its definition.

use super::*;
use proptest::prelude::*;

fn printed(text: &[u8]) -> Vec<String> {
    line_hashes(text).as_slice().iter().map(LineHash::to_string).collect()
}

/// Checks a text of LF lines, and the same text with every other line end and with all of them by turns.
fn check(text: &str, expected: &[&str]) {
    let mut mixed = String::new();
    // In this order no CR comes before the LF of an empty line, which would read as one line end.
    let mut ends = ["\r", "\r\n", "\n"].into_iter().cycle();
    for line in text.split_inclusive('\n') {
        mixed.push_str(line.trim_end_matches('\n'));
        mixed.extend(line.ends_with('\n').then(|| ends.next()).flatten());
    }
    let forms = [text.to_owned(), text.replace('\n', "\r"), text.replace('\n', "\r\n"), mixed];
    for form in forms {
        assert_eq!(printed(form.as_bytes()), expected, "{form:?}");
    }
}

#[test]
fn empty_file() {
    check("", &["c129715d7a2bc9a3:1"]);
}

#[test]
fn blanks_do_not_count() {
    let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
    check(" a\nb\n  \t\tc\n d", &expected);
}

#[test]
fn greetings() {
    let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n";
    check(
        text,
        &[
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ],
    );
    check(
        text.trim_end_matches('\n'),
        &[
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ],
    );
}

#[test]
fn repeated_lines_are_counted() {
    check(
        &"Lorem ipsum dolor sit amet.\n".repeat(10),
        &[
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    );
}

#[test]
fn similar_lines_differ() {
    check(
        "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
        &[
            "e54938cc54b302f1:1",
            "bb609acbe9138d60:1",
            "1131fd5871777f34:1",
            "5c482a0f8b35ea28:1",
            "54517377da7028d2:1",
            "2c644846cb18d53e:1",
            "f1b89f20de0d133:1",
            "c129715d7a2bc9a3:1",
        ],
    );
}

#[test]
fn lines_count_from_one() {
    let hashes = line_hashes(b"a\nb");
    assert_eq!(hashes.line(0), None);
    assert_eq!(hashes.line(2), Some(hashes.as_slice()[1]));
    assert_eq!(hashes.line(3), None);
}

/// The definition word by word: build the whole sequence of units, then hash 100 of them from every line start.
fn naive(text: &[u8]) -> Vec<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut after_cr = false;
    for unit in String::from_utf8_lossy(text).encode_utf16() {
        match unit {
            32 | 9 => after_cr = false,
            10 if after_cr => after_cr = false,
            13 => {
                units.push(10);
                after_cr = true;
            }
            unit => {
                units.push(unit);
                after_cr = false;
            }
        }
    }
    units.push(0xffff);
    let starts: Vec<usize> = (0..units.len()).filter(|at| *at == 0 || units[*at - 1] == 10).collect();
    units.extend([0; 100]);
    let mut hashes: Vec<u64> = Vec::new();
    let mut printed = Vec::new();
    for start in starts {
        let hash = units[start..start + 100].iter().fold(0u64, |h, u| h.wrapping_mul(37).wrapping_add(u64::from(*u)));
        hashes.push(hash);
        printed.push(format!("{hash:x}:{}", hashes.iter().filter(|h| **h == hash).count()));
    }
    printed
}

proptest! {
    #[test]
    fn agrees_with_the_definition_on_bytes(text in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(printed(&text), naive(&text));
    }

    #[test]
    fn agrees_with_the_definition_on_lines(text in "([ab \t\r\n\u{0}é😀\u{ffff}\u{feff}]{0,9}[\r\n]?){0,120}") {
        prop_assert_eq!(printed(text.as_bytes()), naive(text.as_bytes()));
    }
}
