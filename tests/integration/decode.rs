//! Credentials that are encoded are found in files and in the history, where they stand, and are never shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::environment::{Sandbox, token};

/// A file with an encoded credential.
struct Planted {
    name: &'static str,
    secret: String,
    bytes: Vec<u8>,
    /// What must not be shown: the credential as it stands there.
    encoded: String,
    /// The line and the column where it begins, and those where it ends.
    place: [u64; 4],
}

/// Puts the encoded form of a secret between two others on the second line of a file.
fn planted(name: &'static str, before: &str, form: impl Fn(&str) -> String, behind: &str) -> Planted {
    let secret = token(name);
    let encoded = form(&secret);
    let start = before.chars().count() as u64 + 1;
    let end = start + encoded.chars().count() as u64;
    let bytes = format!("first line\n{before}{encoded}{behind}\nlast line\n").into_bytes();
    Planted { name, secret, bytes, encoded, place: [2, start, 2, end] }
}

fn each(form: impl Fn(u32) -> String) -> impl Fn(&str) -> String {
    move |secret| secret.chars().map(|char| form(char.into())).collect()
}

fn base64(bytes: impl IntoIterator<Item = u8>) -> String {
    STANDARD.encode(bytes.into_iter().collect::<Vec<u8>>())
}

/// The first characters of a token, which rules look for, escaped.
fn start(form: &'static str) -> impl Fn(&str) -> String {
    move |secret| secret.replacen("ghp_", form, 1)
}

fn all() -> Vec<Planted> {
    let twice = |secret: &str| base64(format!("a: {}", base64(format!("b: {secret}--").bytes())).bytes());
    let plain = |secret: &str| base64(secret.bytes()).trim_end_matches('=').to_owned();
    let mut all = vec![
        // Three bytes before the credential are four characters that do not belong to it.
        planted("base64", "x=YTog", plain, "=="),
        planted("glued", "see basic/YWI6", plain, "=="),
        planted("hex", "x = \"", each(|char| format!("{char:02x}")), "\""),
        planted("percent", "https://host.invalid/?q=1&t=", each(|char| format!("%{char:02X}")), "&z"),
        planted("percent_unicode", "t=", start("%u0067hp_"), ""),
        planted("json", r#"{"token": "", "x": ""#, each(|char| format!("\\u{char:04x}")), r#""}"#),
        planted("rust", "let x = \"", start(r"\u{67}hp\u{5f}"), "\";"),
        planted("shell", "x=$'", start(r"\147\x68\160\137"), "'"),
        planted("html", "<input value='", each(|char| format!("&#x{char:x};")), "'>"),
        planted("entity", "<input value='", start("ghp&lowbar;"), "'>"),
        planted("entity_twice", "<input value='", start("ghp&amp;lowbar;"), "'>"),
    ];
    // Where a character of the code belongs to the credential and to a neighbour, it counts.
    let (secret, text) = (token("powershell"), format!("$t='{}'", token("powershell")));
    let line = format!("powershell -EncodedCommand {}", base64(text.encode_utf16().flat_map(u16::to_le_bytes)));
    // The bytes of the credential in UTF-16, without the zero of the last character, and six bits a character.
    let place = 27 + 8 * 8 / 6..27 + (87_usize * 8).div_ceil(6);
    all.push(Planted {
        name: "powershell",
        secret,
        encoded: line[place.clone()].to_owned(),
        bytes: format!("first\n{line}\n").into_bytes(),
        place: [2, place.start as u64 + 1, 2, place.end as u64 + 1],
    });
    // The inner code has it at 4..58, the outer one has that behind three more bytes.
    let nested = planted("nested", "x=", twice, "");
    all.push(Planted { place: [2, 3 + 9, 2, 3 + 82], encoded: nested.encoded[9..82].to_owned(), ..nested });
    // The credential begins on one line of the block and ends on the next.
    let secret = token("wrapped");
    let code = base64(format!("{}{secret} and more of that", "x ".repeat(15)).bytes());
    let (one, two) = code.split_at(64);
    all.push(Planted {
        name: "wrapped",
        secret,
        encoded: one[40..].to_owned(),
        bytes: format!("data:\n  key: |\n    {one}\n    {two}\n").into_bytes(),
        place: [3, 45, 4, 5 + (70 * 8_u64).div_ceil(6) - 64],
    });
    for (name, mark) in [("utf16", false), ("utf16_mark", true), ("utf32", false), ("utf32_mark", true)] {
        let secret = token(name);
        let text = format!("{}first line\nx = {secret}\n", if mark { "\u{feff}" } else { "" });
        let bytes = match name {
            "utf16" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            "utf16_mark" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf32" => text.chars().flat_map(|char| u32::from(char).to_le_bytes()).collect(),
            _ => text.chars().flat_map(|char| u32::from(char).to_be_bytes()).collect(),
        };
        all.push(Planted { name, encoded: secret.clone(), secret, bytes, place: [2, 5, 2, 45] });
    }
    all
}

/// The places of the findings of a report, by the name of the file.
fn check(report: &serde_json::Value, all: &[Planted]) {
    let findings = report["findings"].as_array().unwrap();
    for one in all {
        let here = |finding: &&serde_json::Value| finding["location"]["path"] == *one.name;
        let found: Vec<_> = findings.iter().filter(here).collect();
        assert_eq!(found.len(), 1, "{}: {found:#?}", one.name);
        assert_eq!(found[0]["rule"], "secret/github-pat", "{}", one.name);
        let place = ["start_line", "start_column", "end_line", "end_column"]
            .map(|key| found[0]["location"][key].as_u64().unwrap());
        assert_eq!(place, one.place, "{}", one.name);
    }
    assert_eq!(findings.len(), all.len());
}

#[test]
fn in_files_and_in_history() {
    let (sandbox, all) = (Sandbox::new(), all());
    for one in &all {
        sandbox.write(&format!("repo/{}", one.name), &one.bytes);
    }
    let (report, code) = sandbox.report("repo", &["--only", "secrets"]);
    assert_eq!(code, 1);
    check(&report, &all);

    sandbox.git("repo", &["init", "-q", "-b", "main", "."]);
    sandbox.git("repo", &["add", "-A"]);
    sandbox.git("repo", &["commit", "-q", "-m", "one"]);
    for one in &all {
        sandbox.write(&format!("repo/{}", one.name), "nothing\n");
    }
    sandbox.git("repo", &["commit", "-q", "-a", "-m", "two"]);
    for pack in [false, true] {
        if pack {
            sandbox.git("repo", &["gc", "-q"]);
        }
        let (report, code) = sandbox.report("repo", &["--only", "secrets"]);
        assert_eq!(code, 1);
        check(&report, &all);
    }
}

#[test]
fn never_shown() {
    let (sandbox, all) = (Sandbox::new(), all());
    for one in &all {
        sandbox.write(&format!("repo/{}", one.name), &one.bytes);
    }
    for format in ["table", "json", "sarif", "markdown"] {
        let run = sandbox.run(["repo", "--only", "secrets", "--format", format, "-v"]);
        assert!(run.stdout.contains("github-pat"), "{format}");
        for one in &all {
            for hidden in [&one.secret, &one.encoded] {
                let shown = run.stdout.contains(hidden.as_str()) || run.stderr.contains(hidden.as_str());
                assert!(!shown, "{} in {format}", one.name);
            }
        }
    }
}

/// Every version has the credential at another place, and is stored as a delta of another.
#[test]
fn through_deltas() {
    let sandbox = Sandbox::new();
    sandbox.write("repo/README", "start");
    sandbox.git("repo", &["init", "-q", "-b", "main", "."]);
    let secret = token("deltas");
    let code = base64(format!("{}{secret} and more of that", "x ".repeat(15)).bytes());
    let escaped = format!("  y: \"{}\"\n", each(|char| format!("\\u{char:04x}"))(&token("escaped")));
    let mut lines: Vec<String> =
        (0..200).map(|number| format!("line {number} of a file: {}\n", number * 7919)).collect();
    lines.insert(100, format!("x: |\n  {}\n  {}\n{escaped}", &code[..64], &code[64..]));
    for version in 0..12 {
        lines.insert(version * 17 % 90, format!("new {version}\n"));
        sandbox.write("repo/file", lines.concat());
        sandbox.git("repo", &["add", "-A"]);
        sandbox.git("repo", &["commit", "-q", "-m", "next"]);
    }
    sandbox.git("repo", &["gc", "-q", "--aggressive"]);
    let report = |more: &[&str]| {
        let (mut report, _) = sandbox.report("repo", &[&["--only", "secrets"], more].concat());
        report["findings"].take()
    };
    let delta = report(&[]);
    assert_eq!(delta.as_array().unwrap().len(), 2, "{delta:#}");
    assert_eq!(delta[0]["location"]["start_line"], 114);
    assert_eq!(delta, report(&["--no-delta"]));
}
