//! The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself where it is installed, and by git.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::environment::{ROOT, Run, Sandbox, token};
use crate::tools::folder_of;

#[derive(Deserialize)]
struct Hook {
    id: String,
    entry: String,
    language: String,
    pass_filenames: bool,
    always_run: bool,
    stages: Vec<String>,
}

const FILE: &str = ".pre-commit-hooks.yaml";

fn hooks() -> Vec<Hook> {
    serde_saphyr::from_str(&std::fs::read_to_string(Path::new(ROOT).join(FILE)).unwrap()).unwrap()
}

/// A commit in `r` with the executable of these tests on the PATH.
fn commit(sandbox: &Sandbox, message: &str) -> Run {
    let folder = Path::new(env!("CARGO_BIN_EXE_scanall")).parent().unwrap().to_owned();
    let own = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&own))).unwrap();
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Test", "-c", "user.email=test@test.invalid", "commit", "-m", message]);
    git.current_dir(sandbox.path("r")).env("PATH", path).env("HOME", sandbox.path("home"));
    git.env("PRE_COMMIT_HOME", sandbox.path("cache")).env("GIT_CONFIG_GLOBAL", "/dev/null");
    Run::of(&mut git)
}

/// A secret is stopped, with its place; something harmless is not.
fn holds(sandbox: &Sandbox) {
    let secret = token("pre-commit");
    sandbox.write("r/deploy.sh", format!("export TOKEN={secret}\n"));
    sandbox.git("r", &["add", "deploy.sh"]);
    let stopped = commit(sandbox, "a secret");
    let said = format!("{}{}", stopped.stdout, stopped.stderr);
    assert_eq!(stopped.code, 1, "{said}");
    assert!(said.contains("deploy.sh:1") && said.contains("secret/github-pat") && !said.contains(&secret), "{said}");
    sandbox.write("r/deploy.sh", "export TOKEN\n");
    sandbox.git("r", &["add", "deploy.sh"]);
    let passed = commit(sandbox, "none");
    assert_eq!(passed.code, 0, "{}{}", passed.stdout, passed.stderr);
    assert_eq!(sandbox.git("r", &["rev-list", "--count", "HEAD"]), "1");
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("r")).unwrap();
    sandbox.git("r", &["init", "-q"]);
    sandbox
}

#[test]
fn both_hooks_look_at_what_is_staged() {
    let hooks = hooks();
    let kinds: Vec<_> = hooks.iter().map(|hook| (hook.id.as_str(), hook.language.as_str())).collect();
    assert_eq!(kinds, [("scanall", "rust"), ("scanall-system", "system")]);
    for hook in hooks {
        assert_eq!(hook.entry, "scanall --staged --quiet");
        assert!(!hook.pass_filenames && hook.always_run && hook.stages == ["pre-commit"]);
    }
}

#[test]
fn the_entry_as_a_hook_of_git() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = repository();
    let hook = sandbox.write("r/.git/hooks/pre-commit", format!("#!/bin/sh\nexec {}\n", hooks()[1].entry));
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    holds(&sandbox);
}

#[test]
fn pre_commit_for_real() {
    let Some(folder) = folder_of("pre-commit") else { return };
    let sandbox = repository();
    // A repository that holds the hooks alone: nothing is built for the one of the system.
    sandbox.write(&format!("hooks/{FILE}"), std::fs::read(Path::new(ROOT).join(FILE)).unwrap());
    sandbox.git("hooks", &["init", "-q"]);
    sandbox.git("hooks", &["add", "."]);
    sandbox.git("hooks", &["commit", "-qm", "hooks"]);
    let revision = sandbox.git("hooks", &["rev-parse", "HEAD"]);
    let from = sandbox.path("hooks");
    let config =
        format!("repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: scanall-system\n", from.display());
    sandbox.write("r/.pre-commit-config.yaml", config);
    sandbox.git("r", &["add", "."]);
    let mut install = Command::new(folder.join("pre-commit"));
    install.arg("install").current_dir(sandbox.path("r")).env("HOME", sandbox.path("home"));
    install.env("PRE_COMMIT_HOME", sandbox.path("cache")).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = install.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    holds(&sandbox);
}
