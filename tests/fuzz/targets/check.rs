//! Whatever bytes are checked as a credential: there is a verdict that people can read, the same every time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::check::Check;

/// What a private key may stand between; nothing for a token.
const LABELS: [&str; 6] =
    ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", ""];

/// Every check, the one for private keys as often as the others together.
fn pick(byte: u8) -> (&'static str, &'static str) {
    let names: Vec<&str> = Check::names().collect();
    match byte & 0x80 {
        0 => (names[usize::from(byte) % names.len()], ""),
        _ => ("private-key", LABELS[usize::from(byte & 0x7f) % LABELS.len()]),
    }
}

fuzz_target!(|data: &[u8]| {
    let [byte, rest @ ..] = data else { return };
    let (name, label) = pick(*byte);
    let check = Check::named(name).expect("a listed name is known");
    let secret = match label {
        "" => rest.to_vec(),
        label => format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", base64(rest)).into_bytes(),
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let verdict = check.verdict(&secret, &|_| None, now);
    assert!(!verdict.reason.is_empty() && verdict.reason.len() < 300, "{name}: {}", verdict.reason);
    assert!(!verdict.reason.contains(char::is_control), "{name} drives no terminal");
    assert!(verdict.facts.values().all(|fact| !fact.is_empty() && fact.bytes().all(|byte| (32..127).contains(&byte))));
    assert_eq!(verdict, check.verdict(&secret, &|_| None, now));
});

/// Base64 without padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        out.extend((0..=chunk.len()).map(|place| char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize])));
    }
    out
}
