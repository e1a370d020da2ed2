//! What encoded runs say: hexadecimal and base64 (RFC 4648), percent-encoding (RFC 3986, section 2.1).

/// So many decoded bytes are looked at to tell text from anything else.
const SAMPLE: usize = 48;
/// Of them so many need not be printable.
const ODD: usize = SAMPLE / 10;

/// Whether there is a percent sign with two digits.
pub(super) fn has_percent(text: &[u8]) -> bool {
    memchr::memchr_iter(b'%', text).any(|at| text.get(at + 1..at + 3).and_then(pair).is_some())
}

/// Whether bytes look like text: nine in ten are printable.
fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let printable = sample.iter().filter(|byte| is_printable(**byte)).count();
    !sample.is_empty() && printable * 10 >= sample.len() * 9
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

pub(super) fn hex(run: &[u8]) -> Option<Vec<u8>> {
    let pairs = |run: &[u8]| run.chunks_exact(2).map(pair).collect::<Option<Vec<u8>>>();
    pairs(&run[..run.len().min(2 * SAMPLE)]).filter(|start| is_text(start))?;
    pairs(run)
}

fn pair(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? << 4 | digit(digits[1])?).ok()
}

/// Base64 without its padding, which is not in the run; up to three characters that make no whole byte are left over.
pub(super) fn base64(run: &[u8]) -> Option<Vec<u8>> {
    // Nearly every run is a name or a path, and its first bytes tell.
    let odd = run.chunks_exact(4).take(4).flat_map(bytes_of).filter(|byte| !is_printable(*byte)).count();
    if odd > ODD {
        return None;
    }
    // Four characters make three bytes.
    is_text(&sextets(&run[..run.len().min(SAMPLE / 3 * 4)])).then(|| sextets(run))
}

fn sextets(run: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(run.len() / 4 * 3 + 3);
    for group in run.chunks(4) {
        out.extend_from_slice(&bytes_of(group)[..group.len() - 1]);
    }
    out
}

/// The three bytes of up to four characters, the last ones zero where there are fewer.
fn bytes_of(group: &[u8]) -> [u8; 3] {
    let word = group.iter().fold(0, |word, byte| word << 6 | u32::from(SEXTETS[usize::from(*byte)]));
    let [_, first, second, third] = (word << (6 * (4 - group.len()))).to_be_bytes();
    [first, second, third]
}

/// What each character stands for.
const SEXTETS: [u8; 256] = {
    let standard = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [0; 256];
    let mut value = 0;
    while value < 64 {
        table[standard[value] as usize] = value as u8;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

/// `None` when nothing in the run is encoded.
pub(super) fn percent(run: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(run.len());
    let (mut at, mut any) = (0, false);
    while at < run.len() {
        match (run[at], run.get(at + 1..at + 3).and_then(pair)) {
            (b'%', Some(byte)) => {
                out.push(byte);
                any = true;
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    any.then_some(out).filter(|text| is_text(text))
}

