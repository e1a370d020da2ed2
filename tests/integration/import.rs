//! The rules that users have for other tools find here what they find there. Where a tool is installed, it says so itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::environment::{ROOT, Sandbox, layer, places, token};
use crate::tools::folder_of;

/// Texts in which rules find something or just not.
const TEXTS: [(&str, &[u8]); 30] = [
    ("a.txt", b"x = aa-12345678\ny = aa-abcdefgh tail\n"),
    ("last.txt", b"one\ntwo\nthree aa-q1w2e3r4"),
    ("crlf.txt", b"one\r\nkey = aa-q1w2e3r4\r\nend\r\n"),
    ("two.txt", b"aa-12345678 aa-87654321 aa-87654321\n"),
    ("latin.bin.txt", b"caf\xe9 = aa-zzzzyyyy \xff\xfe aa-11112222\n"),
    (
        "utf8.txt",
        b"cl\xc3\xa9=\xc2\xabaa-q9w8e7r6\xc2\xbb na\xc3\xafve \xd0\xba\xd0\xbb\xd1\x8e\xd1\x87=\"\xd1\x81\xd0\xb5\xd0\xba\xd1\x80\xd0\xb5\xd1\x8212\" key=\"p\xc3\xa4ssw\xc3\xb6rd1\"\n",
    ),
    ("multi.txt", b"-----START\nabc\ndef\n-----STOP\nrest\n-----START\nxyz\n-----STOP"),
    ("docs/readme.md", b"token aa-q1w2e3r4t\nsekrit = \"s3cr3tvalue\"\n"),
    ("src/app.py", b"passwort = \"hunted22x\"\nsekrit=\"abcdabcd\"\nkey: zzzzzzzz\napikee = \"A1b2C3d4E5f6\"\n"),
    ("nokw.txt", b"0123456789abcdef0123456789abcdef\n"),
    ("stop.txt", b"sekrit = \"exampleXY12\"\nsekrit = \"my-TEST-one2\"\nsekrit = \"plainval12\"\n"),
    ("line.txt", b"fixture sekrit = \"linevalue1\"\nsekrit = \"linevalue2\"\n# fixture\nsekrit = \"linevalue3\"\n"),
    ("pair.txt", b"id=ID12345678\n\n\nsec=SE87654321\n"),
    ("pairfar.txt", b"id=ID12345678\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nsec=SE87654321\n"),
    ("paircol.txt", b"id=ID12345678 sec=SE87654321\n"),
    ("onlysec.txt", b"sec=SE87654322\n"),
    ("generic.txt", b"apikee = \"gen_q1w2e3r4t5y6\"\nother gen_q1w2e3r4t5y6\n"),
    ("server.p12", b"binaryish"),
    ("src/id_rsa", b"x"),
    ("class.txt", b"v=[a&b]{{tok_abc}} +,-tok_[x]\n"),
    ("ent.txt", b"e=aabbccdd\ne=abcdefgh\ne=aaaaaaaa\n"),
    ("case.txt", b"AA-ABCDEFGH Aa-zxcvbnmq SEKRIT = \"UPPER1234\"\n"),
    ("empty.txt", b""),
    ("nl.txt", b"\n\nk=\nvvvvvvvv\n\n"),
    ("repeat.txt", b"aa-aa-aa-aa-12345678\n"),
    ("groups.txt", b"u:joe p:pass1234\nu:ann p:\np:only5678\n"),
    ("tabs.txt", b"a\t=\t\"aa-tabs1234\"\n"),
    ("word.txt", b"xaa-notaword1 _aa-notaword2 \xc3\xa9aa-isaword12 -aa-isaword34\n"),
    ("quant.txt", b"q{,3} qqq q{2}\n"),
    ("posix.txt", b"P:ab_12;P:--;P:\xc3\xa9;\n"),
];

/// A finding: the id of its rule, its path and the secret.
type Found = BTreeSet<(String, String, String)>;

/// A sandbox with the texts in `texts`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, text) in TEXTS {
        sandbox.write(&format!("texts/{path}"), text);
    }
    sandbox.write("texts/long.txt", format!("begin {} aa-endofline\n", "x".repeat(30_000)));
    let far = format!("marker somewhere\n{}0123456789abcdef0123456789abcdee\n", "\n".repeat(40));
    sandbox.write("texts/far.txt", far);
    sandbox
}

fn rules(name: &str) -> PathBuf {
    Path::new(ROOT).join("fixtures/rules").join(name)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn path_of(path: &Value) -> String {
    path.as_str().unwrap().split_once("texts/").unwrap().1.to_owned()
}

/// What we find by a file of rules, its own alone.
fn ours(sandbox: &Sandbox, rules: &Path, known: &BTreeSet<String>) -> Found {
    let rules = rules.display().to_string();
    let args = ["--history", "none", "--only", "secrets", "--show-secrets", "--no-dedupe", "--confidence", "low"];
    let (report, _) = sandbox.report("texts", &[&args[..], &["--rules", &rules]].concat());
    let mut found = Found::new();
    for finding in report["findings"].as_array().unwrap() {
        let rule = text(&finding["rule"]).trim_start_matches("secret/").to_owned();
        if !known.contains(&rule) {
            continue;
        }
        let related = finding["related"].as_array().into_iter().flatten();
        for place in std::iter::once(&finding["location"]).chain(related) {
            found.insert((rule.clone(), text(&place["path"]), text(&finding["secret"])));
        }
    }
    found
}

/// The ids of the rules in a file.
fn ids(rules: &Path) -> BTreeSet<String> {
    let source = std::fs::read_to_string(rules).unwrap();
    let toml = source.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let yaml = source.lines().filter_map(|line| line.split_once("id: ")?.1.split(',').next());
    toml.chain(yaml).map(str::to_owned).collect()
}

/// The report of a tool.
fn said(sandbox: &Sandbox, folder: &Path, program: &str, args: &[&str]) -> String {
    let mut command = Command::new(folder.join(program));
    command.args(args).current_dir(sandbox.path(".")).env("HOME", sandbox.path("."));
    let output = command.output().unwrap();
    let report = std::fs::read(sandbox.path("out.json")).unwrap_or(output.stdout);
    assert!(!report.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&report).into_owned()
}

fn agree(rules: &Path, theirs: &Found, ours: &Found, least: usize) {
    let missing: Vec<_> = theirs.difference(ours).collect();
    let more: Vec<_> = ours.difference(theirs).collect();
    assert!(missing.is_empty() && more.is_empty(), "{}: missing {missing:#?}, more {more:#?}", rules.display());
    assert!(theirs.len() >= least, "{}: only {} findings", rules.display(), theirs.len());
}

#[test]
fn gitleaks_finds_the_same() {
    let Some(folder) = folder_of("gitleaks") else { return };
    let sandbox = sandbox();
    for (name, least) in [
        ("basic", 40),
        ("groups", 30),
        ("syntax", 12),
        ("allow", 30),
        ("targets", 8),
        ("paths", 4),
        ("required", 6),
        ("extends", 35),
    ] {
        let rules = rules(&format!("gitleaks-{name}.toml"));
        // It looks for `extend.path` in the folder that it runs in.
        std::fs::copy(&rules, sandbox.path(rules.file_name().unwrap().to_str().unwrap())).unwrap();
        let file = rules.display().to_string();
        let args = ["dir", "texts", "-c", &file, "-r", "out.json", "-f", "json", "--no-banner", "--max-decode-depth=0"];
        let report: Value = serde_json::from_str(&said(&sandbox, &folder, "gitleaks", &args)).unwrap();
        let found = report.as_array().unwrap().iter();
        let theirs = found.map(|f| (text(&f["RuleID"]), path_of(&f["File"]), text(&f["Secret"]))).collect();
        let mut known = ids(&rules);
        if name == "extends" {
            known.extend(ids(&self::rules("gitleaks-basic.toml")));
        }
        agree(&rules, &theirs, &ours(&sandbox, &rules, &known), least);
    }
}

#[test]
fn betterleaks_finds_the_same() {
    let Some(folder) = folder_of("betterleaks") else { return };
    let sandbox = sandbox();
    let rules = rules("betterleaks-2.toml");
    let file = rules.display().to_string();
    let args = ["fs", "texts", "-c", &file, "-o", "out.json", "--no-banner", "-s", "--max-decode-depth=0"];
    let report: Value = serde_json::from_str(&said(&sandbox, &folder, "betterleaks", &args)).unwrap();
    let found = report["findings"].as_array().unwrap().iter();
    let one = |f: &Value| (text(&f["rule_id"]), path_of(&f["location"]["path"]), text(&f["match"]["value"]));
    agree(&rules, &found.map(one).collect(), &ours(&sandbox, &rules, &ids(&rules)), 40);
}

#[test]
fn kingfisher_finds_the_same() {
    let Some(folder) = folder_of("kingfisher") else { return };
    let sandbox = sandbox();
    let rules = rules("kingfisher.yaml");
    let file = rules.display().to_string();
    let quiet = ["--load-builtins=false", "--no-validate", "--no-update-check", "--no-base64", "--no-dedup"];
    let args = ["scan", "texts", "--confidence", "low", "--format", "jsonl", "--rules-path", &file];
    let report = said(&sandbox, &folder, "kingfisher", &[&args[..], &quiet[..]].concat());
    let lines = report.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let one = |f: Value| (text(&f["rule"]["id"]), path_of(&f["finding"]["path"]), text(&f["finding"]["snippet"]));
    let theirs = lines.filter(|line| line["rule"].is_object()).map(one).collect();
    agree(&rules, &theirs, &ours(&sandbox, &rules, &ids(&rules)), 25);
}

const OWN: &str = r#"
[extend]
useDefault = true
[allowlist]
description = "Samples"
paths = ['^samples/']
[[rules]]
id = "house-token"
description = "House token"
regex = '''house-([0-9]{4})'''
keywords = ["HOUSE"]
"#;

#[test]
fn the_configuration_of_a_repository_is_taken_in() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.gitleaks.toml", OWN);
    sandbox.write("r/a.txt", "house-1234\n");
    sandbox.write("r/samples/b.txt", format!("house-5678\ntoken = {}\n", token("import")));
    let (report, code) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!((places(&report), code), (vec!["secret/house-token a.txt:1".to_owned()], 1), "{report}");
    // What our rules find there was accepted, which a report says.
    let suppressed = report["suppressed"].as_array().unwrap();
    assert_eq!(suppressed.len(), 1, "{report}");
    assert!(suppressed[0].to_string().contains("Samples"), "{report}");
    sandbox.write("r/.scanall.toml", "[secrets]\nimport = false\n");
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat samples/b.txt:2"], "{report}");
}

#[test]
fn a_configuration_that_cannot_be_taken_in_makes_the_run_incomplete() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.gitleaks.toml", "[[rules]]\nid = 'bad-one'\nregex = '''a(?=b)'''\n");
    sandbox.write("r/a.txt", "nothing\n");
    let (report, code) = sandbox.report("r", &["--only", "secrets"]);
    let said = layer(&report, "secrets").to_string();
    assert!(code == 3 && said.contains("bad-one") && said.contains("look-around"), "{code} {said}");
    let run = sandbox.run(["r", "--rules", "r/.gitleaks.toml"]);
    assert!(run.code == 2 && run.stderr.contains("bad-one") && run.stderr.contains("look-around"), "{}", run.stderr);
}

#[test]
fn a_repository_extends_nothing_outside_of_it() {
    let sandbox = Sandbox::new();
    sandbox.write("outside.toml", "[[rules]]\nid = 'x'\nregex = '''x'''\n");
    let own = "[extend]\npath = '../outside.toml'\n[[rules]]\nid = 'y'\nregex = '''y'''\n";
    sandbox.write("r/.gitleaks.toml", own);
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    assert!(layer(&report, "secrets").to_string().contains("outside of the repository"), "{report}");
}

#[test]
fn history_is_searched_with_imported_rules_and_their_allowlists() {
    let sandbox = Sandbox::new();
    let filler: String = (0..3000).map(|n| format!("line {n} of filler\n")).collect();
    sandbox.write("r/a.txt", format!("BEGIN\n{filler}"));
    sandbox.git(".", &["init", "--quiet", "r"]);
    sandbox.git("r", &["add", "."]);
    for text in [format!("BEGIN\n{filler}FINISH\n"), format!("{filler}FINISH\n")] {
        sandbox.git("r", &["commit", "--quiet", "-am", "A version"]);
        sandbox.write("r/a.txt", text);
    }
    sandbox.git("r", &["commit", "--quiet", "-am", "The last"]);
    sandbox.git("r", &["gc", "--quiet"]);
    // Its match is longer than any of ours, and comes into being where a piece is copied.
    let rule = "[[rules]]\nid = 'block'\nregex = '''BEGIN[\\s\\S]*FINISH'''\n";
    sandbox.write("rules.toml", rule);
    let args = ["--only", "secrets", "--rules", "rules.toml"];
    let (report, _) = sandbox.report("r", &args);
    assert_eq!(places(&report), ["secret/block a.txt:1"], "{report}");
    let commit = sandbox.git("r", &["rev-parse", "HEAD~1"]);
    sandbox.write("rules.toml", format!("{rule}[[rules.allowlists]]\ncommits = ['{commit}']\n"));
    let (report, _) = sandbox.report("r", &args);
    assert_eq!(places(&report), [""; 0], "{report}");
}
