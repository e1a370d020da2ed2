//! Keys built of published numbers: the fingerprints are what `ssh-keygen -l` prints of the public ones.

use proptest::prelude::*;

use super::*;
use crate::check::alphabet::{BASE64, HEX_LOWER};
use crate::check::verdict::Outcome;

/// Test 1 of RFC 8032, section 7.1.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const POINT: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const ED25519: &str = "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8";

/// The key of RFC 6979, appendix A.2.5.
const NUMBER: &str = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
const CURVE_POINT: &str = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                           7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
const P256: &str = "SHA256:hfuNWmjIYvsBGZ6dpCLTTAEa5LxbZABRHHVoynAxFlo";

fn hex(text: &str) -> Vec<u8> {
    HEX_LOWER.decode(text.as_bytes()).unwrap()
}

fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inside = parts.concat();
    let length = match inside.len() {
        short @ 0..128 => vec![short as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    [&[tag], &length[..], &inside].concat()
}

fn armored(label: &str, body: &[u8]) -> String {
    let code = BASE64.encode(body);
    let lines: Vec<&str> = code.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
}

fn said(text: &str) -> (Outcome, String) {
    let verdict = verdict(text.as_bytes());
    (verdict.outcome, verdict.reason)
}

fn confirmed(text: &str) -> String {
    let (outcome, reason) = said(text);
    assert_eq!(outcome, Outcome::Confirmed, "{reason}");
    reason
}

fn refuted(text: &str) -> String {
    let (outcome, reason) = said(text);
    assert_eq!(outcome, Outcome::Refuted, "{reason}");
    reason
}

/// The key of RFC 8032 in PKCS#8 (RFC 8410, section 7), with more behind the private key.
fn pkcs8(more: &[u8]) -> Vec<u8> {
    let algorithm = value(0x30, &[&value(0x06, &[b"\x2b\x65\x70"])]);
    let private = value(0x04, &[&value(0x04, &[&hex(SEED)])]);
    value(0x30, &[&value(0x02, &[b"\x01"]), &algorithm, &private, more])
}

#[test]
fn the_public_key_of_ed25519_follows_from_the_seed() {
    assert_eq!(confirmed(&armored("PRIVATE KEY", &pkcs8(&[]))), format!("it is an Ed25519 private key, {ED25519}"));
    let point = |point: &str| value(0x81, &[&[0], &hex(point)]);
    confirmed(&armored("PRIVATE KEY", &pkcs8(&point(POINT))));
    assert_eq!(refuted(&armored("PRIVATE KEY", &pkcs8(&point(SEED)))), "its public key is that of another");
    assert_eq!(confirmed(&BASE64.encode(&pkcs8(&[]))), format!("it is an Ed25519 private key, {ED25519}"));
}

/// The key of RFC 6979 in SEC 1.
fn sec1(point: &[u8]) -> Vec<u8> {
    let curve = value(0xa0, &[&value(0x06, &[b"\x2a\x86\x48\xce\x3d\x03\x01\x07"])]);
    let point = value(0xa1, &[&value(0x03, &[&[0], point])]);
    value(0x30, &[&value(0x02, &[&[1]]), &value(0x04, &[&hex(NUMBER)]), &curve, &point])
}

#[test]
fn the_point_of_a_curve_belongs_to_the_number() {
    let right = hex(CURVE_POINT);
    assert_eq!(
        confirmed(&armored("EC PRIVATE KEY", &sec1(&right))),
        format!("it is an ECDSA P-256 private key, {P256}")
    );
    let mut wrong = right;
    wrong[40] ^= 1;
    assert_eq!(refuted(&armored("EC PRIVATE KEY", &sec1(&wrong))), "its public key is that of another");
}

/// An RSA key of two primes, 2^61 - 1 and 2^31 - 1.
fn pkcs1(modulus: u128) -> Vec<u8> {
    let number = |number: u128| value(0x02, &[&ssh::positive(&number.to_be_bytes())]);
    let (p, q) = ((1 << 61) - 1, (1 << 31) - 1);
    let rest = [number(65537), number(3), number(p), number(q), number(1), number(1), number(1)].concat();
    value(0x30, &[&value(0x02, &[&[0]]), &number(modulus), &rest])
}

#[test]
fn the_modulus_is_the_product_of_the_primes() {
    let product = ((1u128 << 61) - 1) * ((1 << 31) - 1);
    let reason = confirmed(&armored("RSA PRIVATE KEY", &pkcs1(product)));
    assert!(reason.starts_with("it is a 92-bit RSA private key, SHA256:"), "{reason}");
    let wrong = "its modulus is not the product of its primes";
    assert_eq!(refuted(&armored("RSA PRIVATE KEY", &pkcs1(product + 2))), wrong);
    let mut cut = pkcs1(product);
    cut.pop();
    assert_eq!(refuted(&armored("RSA PRIVATE KEY", &cut)), "its structure is broken");
}

/// The key of RFC 8032 as OpenSSH writes it.
fn openssh(cipher: &[u8], point: &str, padding: &[u8]) -> Vec<u8> {
    let known = ssh::public(&[b"ssh-ed25519", &hex(point)]);
    let both = [hex(SEED), hex(POINT)].concat();
    let fields = ssh::public(&[b"ssh-ed25519", &hex(POINT), &both, b"me"]);
    let private = [&[7; 8][..], &fields, padding].concat();
    let head = [b"openssh-key-v1\0", &ssh::public(&[cipher, b"none", b""])[..], &[0, 0, 0, 1]].concat();
    [head, ssh::public(&[&known, &private])].concat()
}

#[test]
fn keys_of_openssh_say_whether_they_are_encrypted() {
    let label = "OPENSSH PRIVATE KEY";
    let key = |cipher: &[u8], point, padding: &[u8]| armored(label, &openssh(cipher, point, padding));
    let plain = key(b"none", POINT, &[1, 2, 3]);
    assert_eq!(confirmed(&plain), format!("it is an Ed25519 private key, {ED25519}"));
    assert_eq!(verdict(plain.as_bytes()).facts["encrypted"], "false");
    assert_eq!(verdict(plain.as_bytes()).facts["fingerprint"], ED25519);
    let hidden = key(b"aes256-ctr", POINT, &[9, 9, 9]);
    assert_eq!(confirmed(&hidden), format!("it is an encrypted Ed25519 private key, {ED25519}"));
    assert_eq!(refuted(&key(b"none", POINT, &[1, 2, 4])), "its structure is broken");
    assert_eq!(refuted(&key(b"none", SEED, &[1, 2, 3])), "its public key is that of another");
    assert_eq!(refuted(&key(b"none", POINT, &[1, 2])), "its structure is broken");
}

#[test]
fn a_key_is_read_out_of_other_files() {
    let key = armored("OPENSSH PRIVATE KEY", &openssh(b"none", POINT, &[1, 2, 3]));
    for (line, between) in [
        ("one line of JSON", "\\n"),
        ("JSON in JSON", "\\\\n"),
        ("Windows", "\r\n"),
        ("an indent", "\n    "),
        ("a comment", "\n# "),
        ("a change", "\n+"),
        ("strings of a program", "\\n\" +\n    \""),
        ("other strings", "\\n'\n  '"),
        ("a list", "\",\n  \""),
        ("one line of a variable", " "),
        ("a continued line", "\\n\\\n"),
    ] {
        assert_eq!(said(&key.replace('\n', between)).0, Outcome::Confirmed, "{line}");
    }
    // What is between the lines here is no key, but there may be one: nobody can tell.
    assert_eq!(said(&key.replace('\n', "\n@@ ")).0, Outcome::Confirmed);
    assert_eq!(said(&key.replacen('\n', "\n@@ ", 2)).0, Outcome::Unknown);
}

#[test]
fn headers_tell_of_encryption() {
    let text = |cipher: &str, length| {
        let headers = format!("KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: {cipher},00\n\n");
        armored("EC PRIVATE KEY", &vec![8; length]).replacen("KEY-----\n", &headers, 1)
    };
    assert_eq!(confirmed(&text("AES-128-CBC", 112)), "it is an encrypted ECDSA private key");
    assert_eq!(confirmed(&text("DES-EDE3-CBC", 120)), "it is an encrypted ECDSA private key");
    assert_eq!(refuted(&text("AES-128-CBC", 120)), "its length is not that of its cipher");
    let algorithm = value(0x30, &[&value(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"])]);
    let hidden = value(0x30, &[&algorithm, &value(0x04, &[&[5; 64]])]);
    assert_eq!(confirmed(&armored("ENCRYPTED PRIVATE KEY", &hidden)), "it is an encrypted private key");
}

#[test]
fn keys_of_openpgp_have_their_fingerprint() {
    // The public part of the example in RFC 9580, appendix A.1, with a private part of 8 bits that is none of it.
    let known =
        "0453f35f0b16092b06010401da470f010107403f098994bdd916ed4053197934e4a87c80733a1280d62f8010992e43ee3b2406";
    let packet = |private: &[u8]| {
        let body = [&hex(known), private].concat();
        [&[0x95, 0, body.len() as u8][..], &body].concat()
    };
    let label = "PGP PRIVATE KEY BLOCK";
    let print = "C959BDBAFA32A2F89A153B678CFDE12197965A9A";
    let plain = armored(label, &packet(&[0, 0, 8, 0x80, 0, 0x88]));
    assert_eq!(confirmed(&plain), format!("it is an OpenPGP EdDSA private key, {print}"));
    let hidden = armored(label, &packet(&[254, 9, 3, 8]));
    assert_eq!(confirmed(&hidden), format!("it is an encrypted OpenPGP EdDSA private key, {print}"));
    let signed = hidden.replace("\n-----END", "\n=AAAA\n-----END");
    assert_eq!(refuted(&signed), "its checksum is wrong");
    assert_eq!(refuted(&armored(label, &[0x99, 0, 1, 4])), "its first packet is no private key");
}

#[test]
fn keys_of_putty_have_a_code() {
    let known = ssh::public(&[b"ssh-ed25519", &hex(POINT)]);
    let text = |cipher: &str, code: &str| {
        let (known, seed) = (BASE64.encode(&known), BASE64.encode(&ssh::public(&[&hex(SEED)])));
        format!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {cipher}\nComment: test\nPublic-Lines: 1\n{known}\n\
             Private-Lines: 1\n{seed}\nPrivate-MAC: {code}"
        )
    };
    // The code that puttygen finds right.
    let right = "780587593c565f58639bb6b096927bc8676f105dbdab058abd5ac30566e5b80a";
    assert_eq!(confirmed(&text("none", right)), format!("it is an Ed25519 private key, {ED25519}"));
    assert_eq!(refuted(&text("none", &right.replace('a', "b"))), "its code is wrong");
    assert_eq!(confirmed(&text("aes256-cbc", "00")), format!("it is an encrypted Ed25519 private key, {ED25519}"));
    assert_eq!(said(&text("none", right).replace('\n', "\\n")).0, Outcome::Confirmed);
}

#[test]
fn what_is_no_key_is_refuted() {
    assert_eq!(refuted(&armored("PRIVATE KEY", b"not a key at all")), "its structure is broken");
    assert_eq!(refuted("-----BEGIN PRIVATE KEY-----"), "it has no begin and end");
    assert_eq!(refuted(&armored("OPENSSH PRIVATE KEY", b"openssh-key-v1\0")), "its structure is broken");
    assert_eq!(refuted(""), "its structure is broken");
}

proptest! {
    #[test]
    fn damaged_keys_get_a_verdict(at in 0usize..400, byte: u8, which in 0usize..4, cut in 0usize..400) {
        let label = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"][which];
        let mut bytes = [pkcs8(&[]), sec1(&hex(CURVE_POINT)), pkcs1(15), openssh(b"none", POINT, &[1, 2, 3])][which].clone();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        bytes.truncate(bytes.len().max(cut) - cut.min(bytes.len()) / 7);
        verdict(armored(label, &bytes).as_bytes());
        verdict(armored("PGP PRIVATE KEY BLOCK", &bytes).as_bytes());
        verdict(armored("SSH2 ENCRYPTED PRIVATE KEY", &bytes).as_bytes());
    }
}

#[test]
fn a_key_that_everybody_has_is_no_secret() {
    // https://github.com/hashicorp/vagrant/tree/main/keys
    let fingerprint = "SHA256:1M4RzhMyWuFS/86uPY/ce2prh/dVTHW7iD2RhpquOZA".to_owned();
    let verdict = Key { fingerprint: Some(fingerprint), ..Key::default() }.verdict();
    assert_eq!((verdict.outcome, verdict.reason.as_str()), (Outcome::Refuted, "it is the published key of Vagrant"));
}
