//! Completions and manual pages do in real shells and readers what they are for.

use std::process::Command;

use crate::environment::{Run, Sandbox};

fn answer(sandbox: &Sandbox, args: &[&str]) -> String {
    let run = Run::of(sandbox.command().args(args));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}");
    run.stdout
}

/// Whether a program is there; where it is missing the test says so and is skipped.
fn is_there(program: &str) -> bool {
    let there = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().status.success();
    if !there {
        eprintln!("skipped: {program} is not installed");
    }
    there
}

#[test]
fn every_shell_gets_completions_of_every_command() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = answer(&sandbox, &["completions", shell]);
        for word in ["baseline", "ignore", "explain", "doctor", "prune-only", "inline", "staged"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let run = Run::of(sandbox.command().args(["completions", "basj"]));
    assert!(run.code == 2 && run.stderr.contains("'bash'"), "{}", run.stderr);
}

#[test]
fn bash_completes_commands_and_flags() {
    if !is_there("bash") {
        return;
    }
    let sandbox = Sandbox::new();
    let script = sandbox.write("scanall.bash", answer(&sandbox, &["completions", "bash"]));
    assert!(Command::new("bash").arg("-n").arg(&script).status().unwrap().success());
    let complete = |line: &[&str]| {
        let words = line.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let (last, before) = (line[line.len() - 1], line[line.len() - 2]);
        let ask = format!(
            "source '{}'; COMP_WORDS=({words}); COMP_CWORD={}; _scanall scanall '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.display(),
            line.len() - 1
        );
        let output = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete(&["scanall", "base"]).trim(), "baseline");
    assert_eq!(complete(&["scanall", "baseline", "update", "--pru"]).trim(), "--prune-only");
    assert_eq!(complete(&["scanall", "completions", "z"]).trim(), "zsh");
}

#[test]
fn zsh_and_fish_read_their_completions() {
    let sandbox = Sandbox::new();
    for shell in ["zsh", "fish"] {
        let script = sandbox.write(shell, answer(&sandbox, &["completions", shell]));
        if is_there(shell) {
            assert!(Command::new(shell).arg("-n").arg(&script).status().unwrap().success(), "{shell}");
        }
    }
}

#[test]
fn a_page_for_each_command_renders() {
    let sandbox = Sandbox::new();
    assert!(answer(&sandbox, &["man"]).contains(".TH scanall 1"));
    assert!(answer(&sandbox, &["man", "--dir", "deep/man"]).starts_with("Wrote "));
    for (name, words) in
        [("scanall", "--staged"), ("scanall-scan", "Exit codes"), ("scanall-baseline-update", "--prune-only")]
    {
        let page = sandbox.path("deep/man").join(format!("{name}.1"));
        let source = std::fs::read_to_string(&page).unwrap();
        assert!(source.contains(&format!("\"{name} ")) || source.contains(&format!(".TH {name} 1")), "{source}");
        if !is_there("groff") {
            continue;
        }
        let output = Command::new("groff").args(["-man", "-Tascii", "-P-cbou", "-ww"]).arg(&page).output().unwrap();
        let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && errors.is_empty(), "{name}: {errors}");
        assert!(text.contains(words), "{name}: {text}");
    }
    sandbox.write("file", "");
    let run = Run::of(sandbox.command().args(["man", "--dir", "file/man"]));
    assert!(run.code == 2 && run.stderr.contains("cannot make the folder"), "{}", run.stderr);
}
