//! Versions that their authors have withdrawn: deprecated ones, and crates that were yanked.

use serde_json::{Value, json};

use super::run;
use crate::environment::{Run, Sandbox, places};

const PACKAGE_LOCK: &str = r#"{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"clock": "^1.0.0"}},
    "node_modules/clock": {
      "version": "1.0.0", "resolved": "https://registry.npmjs.org/clock/-/clock-1.0.0.tgz",
      "dependencies": {"spring": "1.0.0"}
    },
    "node_modules/spring": {
      "version": "1.0.0", "resolved": "https://registry.npmjs.org/spring/-/spring-1.0.0.tgz",
      "deprecated": "it is wound up\n\nuse coil"
    },
    "node_modules/wheel": {"version": "1.0.0", "deprecated": ""}
  }
}"#;

const PNPM_LOCK: &str = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      spring:\n        specifier: ^1.0.0\n        version: 1.0.0\npackages:\n  spring@1.0.0:\n    resolution: {integrity: sha512-AA==}\n    deprecated: wound up\n  wheel@1.0.0:\n    resolution: {integrity: sha512-AA==}\nsnapshots:\n  spring@1.0.0: {}\n  wheel@1.0.0: {}\n";

const COMPOSER_LOCK: &str = r#"{"packages": [
  {"name": "acme/spring", "version": "1.0.0", "abandoned": "acme/coil"},
  {"name": "acme/wheel", "version": "1.0.0", "abandoned": true},
  {"name": "acme/clock", "version": "1.0.0", "abandoned": false}
], "packages-dev": []}"#;

const CARGO_LOCK: &str = "version = 4\n\n[[package]]\nname = \"clock\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"private\"\nversion = \"1.0.0\"\nsource = \"sparse+https://example.test/index/\"\n\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\ndependencies = [\"clock\", \"private\"]\n";

fn scan(sandbox: &Sandbox, folder: &str, more: &[&str]) -> (Value, i32) {
    let db = json!({"id": "X-1", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1.0.0"]}]});
    sandbox.write("db.json", db.to_string());
    let mut command = sandbox.command();
    command.env("CARGO_HOME", sandbox.path("cargo"));
    let run = Run::of(
        command.args([folder, "--only", "dependencies", "--advisory-db", "db.json", "--format", "json"]).args(more),
    );
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

/// What Cargo keeps of the index of crates.io about a crate.
fn index(sandbox: &Sandbox, name: &str, versions: &[(&str, bool)]) {
    let lines = versions.iter().map(|(version, yanked)| {
        let line = json!({"name": name, "vers": version, "deps": [], "cksum": "", "features": {}, "yanked": yanked});
        format!("{version}\0{line}\0")
    });
    let bytes = format!("\u{3}\u{2}\0\0\0etag: W/\"x\"\0{}", lines.collect::<String>());
    let place =
        format!("cargo/registry/index/index.crates.io-0123456789abcdef/.cache/{}/{}/{name}", &name[..2], &name[2..4]);
    sandbox.write(&place, bytes);
}

#[test]
fn what_lockfiles_say_is_deprecated_is_told_and_fails_no_run() {
    let sandbox = Sandbox::new();
    sandbox.write("npm/package-lock.json", PACKAGE_LOCK);
    sandbox.write("pnpm/pnpm-lock.yaml", PNPM_LOCK);
    sandbox.write("php/composer.lock", COMPOSER_LOCK);
    let (report, code) = scan(&sandbox, ".", &["--fail-on", "medium"]);
    assert_eq!(
        places(&report),
        [
            "advisory/deprecated npm/package-lock.json:9",
            "advisory/deprecated php/composer.lock:2",
            "advisory/deprecated php/composer.lock:3",
            "advisory/deprecated pnpm/pnpm-lock.yaml:9",
        ]
    );
    assert_eq!(code, 0);
    let found = report["findings"].as_array().unwrap();
    let messages: Vec<&str> = found.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "spring 1.0.0 is deprecated: it is wound up",
            "acme/spring 1.0.0 is deprecated: use acme/coil instead",
            "acme/wheel 1.0.0 is deprecated",
            "spring 1.0.0 is deprecated: wound up",
        ]
    );
    assert_eq!((&found[0]["severity"], &found[0]["package"]["path"]), (&json!("low"), &json!(["clock", "spring"])));
    assert!(found[0]["remedy"].as_str().unwrap().ends_with("; clock pulls it in"), "{}", found[0]["remedy"]);
    assert_eq!(scan(&sandbox, ".", &["--fail-on", "low"]).1, 1);

    sandbox.write("php/.scanall.toml", "[[ignore]]\nrule = \"advisory/deprecated\"\nreason = \"known\"\n");
    assert!(places(&scan(&sandbox, "php", &[]).0).is_empty());
    let bill = Run::of(sandbox.command().args(["sbom", "npm", "--vex", "--offline"]));
    let bill: Value = serde_json::from_str(&bill.stdout).unwrap();
    assert!(!bill["components"].as_array().unwrap().is_empty() && !bill.to_string().contains("deprecated"), "{bill}");
}

#[test]
fn crates_that_were_yanked_are_told_by_the_index_that_cargo_keeps() {
    let sandbox = Sandbox::new();
    sandbox.write("app/Cargo.lock", CARGO_LOCK);
    let (report, _) = scan(&sandbox, "app", &[]);
    assert!(places(&report).is_empty() && !report.to_string().contains("yanked"), "without an index nothing is known");

    index(&sandbox, "clock", &[("1.0.0", true), ("1.0.1", true), ("1.1.0", false), ("2.0.0", false)]);
    index(&sandbox, "private", &[("1.0.0", true)]);
    let (report, code) = scan(&sandbox, "app", &[]);
    assert_eq!((places(&report), code), (vec!["advisory/yanked Cargo.lock:4".to_owned()], 0));
    let found = &report["findings"][0];
    assert_eq!(found["message"], "clock 1.0.0 was yanked from crates.io");
    assert_eq!(found["package"]["fixed"], json!(["1.1.0"]));
    assert_eq!(found["remedy"], "Raise clock to 1.1.0: `cargo update -p clock@1.0.0 --precise 1.1.0`");
    assert!(report.to_string().contains("looked up 1 crate in Cargo's index for yanked versions"), "{report}");

    index(&sandbox, "clock", &[("1.0.0", false)]);
    assert!(places(&scan(&sandbox, "app", &[]).0).is_empty());
}

#[test]
fn both_rules_are_explained() {
    let sandbox = Sandbox::new();
    for (name, said) in [("advisory/yanked", "crates.io"), ("deprecated", "CWE-1104")] {
        let page = run(&sandbox, "", &["explain", name]);
        assert_eq!(page.code, 0, "{}", page.stderr);
        assert!(page.stdout.starts_with("LOW  Dependency ") && page.stdout.contains(said), "{}", page.stdout);
    }
}
