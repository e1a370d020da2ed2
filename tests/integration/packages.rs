//! `scanall packages`: what is in here, and where that is written.

use serde_json::Value;

use crate::environment::{Run, Sandbox, stable};

fn packages(sandbox: &Sandbox, args: &[&str]) -> (Value, i32) {
    let run = Run::of(sandbox.command().args(["packages", "app", "--json"]).args(args));
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

#[test]
fn every_package_has_its_line() {
    let sandbox = Sandbox::with_app();
    let (document, code) = packages(&sandbox, &["--ecosystem", "cargo"]);
    assert_eq!((code, &document["complete"]), (0, &Value::Bool(true)), "{document}");
    let listed = document["packages"].as_array().unwrap();
    assert!(listed.len() > 2, "{document}");
    for package in listed {
        let file = sandbox.read(&format!("app/{}", package["location"]["path"].as_str().unwrap()));
        let line = usize::try_from(package["location"]["line"].as_u64().unwrap()).unwrap();
        let line = file.lines().nth(line - 1).unwrap();
        assert!(line.contains(package["name"].as_str().unwrap()), "{package}: {line}");
    }
}

#[test]
fn filters_take_away_and_add_nothing() {
    let sandbox = Sandbox::with_app();
    let all = packages(&sandbox, &[]).0["packages"].as_array().unwrap().clone();
    let direct = packages(&sandbox, &["--direct"]).0["packages"].as_array().unwrap().clone();
    assert!(!direct.is_empty() && direct.len() < all.len());
    assert!(direct.iter().all(|package| package["direct"] == true && all.contains(package)));
    let none = packages(&sandbox, &["--ecosystem", "hackage"]).0;
    assert_eq!(none["packages"].as_array().unwrap().len(), 0);
}

#[test]
fn the_table_is_for_people() {
    let sandbox = Sandbox::with_app();
    let Run { stdout, code, .. } = Run::of(sandbox.command().args(["packages", "app"]));
    assert_eq!(code, 0);
    stable().bind(|| insta::assert_snapshot!("packages", stdout));
}

#[test]
fn a_broken_lockfile_takes_nothing_from_the_others() {
    let sandbox = Sandbox::with_app();
    sandbox.write("app/other/Cargo.lock", "<<<<<<< HEAD\nversion = 4\n");
    let (document, code) = packages(&sandbox, &[]);
    assert_eq!((code, &document["complete"]), (3, &Value::Bool(false)));
    assert!(document["gaps"][0].as_str().unwrap().contains("other/Cargo.lock"), "{document}");
    assert!(!document["packages"].as_array().unwrap().is_empty());
}

#[test]
fn an_unknown_ecosystem_is_refused_with_a_near_one() {
    let sandbox = Sandbox::with_app();
    let run = Run::of(sandbox.command().args(["packages", "app", "--ecosystem", "pypy"]));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `pypi`?"), "{}", run.stderr);
}
