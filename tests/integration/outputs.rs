//! What people and programs see of the fixture application.

use crate::environment::{Run, Sandbox, stable};

#[test]
fn the_table() {
    let run = Sandbox::with_app().run(["app"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    stable().bind(|| insta::assert_snapshot!("table", run.stdout));
}

#[test]
fn the_table_on_a_narrow_terminal_keeps_every_word() {
    // A pipe has no width, so the width is that of the format itself; the words of a finding are all there.
    let run = Sandbox::with_app().run(["app", "-q"]);
    assert!(run.stdout.contains("advisory/RUSTSEC-2021-0003") && !run.stdout.contains("Layers"));
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 120));
}

#[test]
fn the_markdown() {
    let run = Sandbox::with_app().run(["app", "--format", "markdown"]);
    stable().bind(|| insta::assert_snapshot!("markdown", run.stdout));
}

#[test]
fn the_json() {
    let run = Sandbox::with_app().run(["app", "--format", "json"]);
    stable().bind(|| insta::assert_snapshot!("json", run.stdout));
}

#[test]
fn the_help() {
    let sandbox = Sandbox::new();
    let run = Run::of(sandbox.command().arg("--help"));
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("help", run.stdout);
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let sandbox = Sandbox::with_app();
    assert!(!sandbox.run(["app"]).stdout.contains('\u{1b}'));
    assert!(sandbox.run(["app", "--color", "always"]).stdout.contains('\u{1b}'));
    let asked = Run::of(sandbox.command().args(["app", "--offline", "--color", "never"]).env("CLICOLOR_FORCE", "1"));
    assert!(!asked.stdout.contains('\u{1b}'));
}

#[test]
fn files_are_written_whole_and_beside_the_table() {
    let sandbox = Sandbox::with_app();
    let run = sandbox.run(["app", "-o", "json=out.json", "-o", "sarif=out.sarif", "-o", "markdown=out.md"]);
    assert!(run.stdout.contains("CRITICAL"));
    assert_eq!(sandbox.json("out.json")["schema"], 1);
    assert_eq!(sandbox.json("out.sarif")["version"], "2.1.0");
    assert!(sandbox.read("out.md").starts_with("## scanall"));
    let names: Vec<_> = std::fs::read_dir(sandbox.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "nothing else is left behind: {names:?}");
}

#[test]
fn nothing_shows_a_secret_but_the_flag_for_it() {
    let sandbox = Sandbox::with_app();
    let token = "ghp_".to_owned() + "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX";
    for format in ["table", "json", "sarif", "markdown"] {
        let run = sandbox.run(["app", "--format", format, "-v"]);
        assert!(run.stdout.contains("github-pat"), "{format}");
        assert!(!run.stdout.contains(&token) && !run.stdout.contains(&token[8..30]), "{format}");
    }
    for format in ["table", "json"] {
        let run = sandbox.run(["app", "--format", format, "--show-secrets"]);
        assert!(run.stdout.contains(&token), "{format}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let sandbox = Sandbox::with_app();
    let (first, second) =
        (sandbox.run(["app", "--format", "sarif"]), sandbox.run(["app", "--format", "sarif", "-j", "1"]));
    assert_eq!(first.stdout, second.stdout);
}
