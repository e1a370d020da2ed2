//! Executes the shell steps of `action.yml` as a runner would, for each event, with the real binary.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::environment::{Sandbox, token};
use crate::github::server::{Scenario, Server, TOKEN, Trouble};
use crate::tools::folder_of;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Deserialize)]
struct Action {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Output>,
    runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    default: String,
}

#[derive(Deserialize)]
struct Output {
    value: String,
}

#[derive(Deserialize)]
struct Runs {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    name: String,
    id: Option<String>,
    #[serde(rename = "if")]
    condition: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    run: Option<String>,
    uses: Option<String>,
    #[serde(default)]
    with: BTreeMap<String, String>,
}

/// A runner with one checkout in `work` and fakes of what reaches the network.
struct Runner {
    sandbox: Sandbox,
    server: Server,
    action: Action,
    /// Values of expressions: `inputs.mode`, `github.event_name`, `steps.plan.outputs.out`.
    values: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
}

/// What a run came to.
struct Ended {
    /// The exit code of the last step that ran.
    code: i32,
    log: String,
    /// The actions that were used, with their inputs.
    used: Vec<String>,
    outputs: BTreeMap<String, String>,
    summary: String,
    comments: Vec<String>,
}

impl Runner {
    fn new(event: &str) -> Self {
        Self::with(event, Scenario::default())
    }

    fn with(event: &str, scenario: Scenario) -> Self {
        let (sandbox, server) = (Sandbox::new(), Server::start(scenario));
        let action: Action =
            serde_saphyr::from_str(&fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap()).unwrap();
        let mut values: BTreeMap<String, String> =
            action.inputs.iter().map(|(name, input)| (format!("inputs.{name}"), input.default.clone())).collect();
        for (name, value) in [
            ("inputs.token", TOKEN),
            ("inputs.offline", "true"),
            ("github.action_path", ROOT),
            ("github.event_name", event),
            ("github.repository", "acme/shop"),
            ("github.action_repository", "scanall/scanall"),
            ("github.server_url", "https://github.com"),
            ("github.actor", "somebody"),
            ("github.run_id", "7"),
            ("github.job", "scan"),
            ("runner.os", "Linux"),
            ("strategy.job-index", "0"),
        ] {
            values.insert(name.to_owned(), value.to_owned());
        }
        let environment = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_API_URL", &server.url),
            ("GITHUB_EVENT_NAME", event),
            ("GITHUB_REF", if event == "pull_request" { "refs/pull/7/merge" } else { "refs/heads/main" }),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("SCANALL_TEST_PACE", "0"),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let mut runner = Self { sandbox, server, action, values, environment };
        runner.commit("old.txt", &format!("{}\n", token("old")));
        let base = runner.commit("old.txt", "clean\n");
        if event == "pull_request" {
            runner.set("github.event.pull_request.head.repo.full_name", "acme/shop");
            runner.set("github.event.pull_request.base.sha", &base);
        }
        runner.fake("curl", "exit 22");
        runner.fake("gh", "exit 1");
        // What stands for building from source.
        let binary = env!("CARGO_BIN_EXE_scanall");
        runner.fake(
            "cargo",
            &format!(
                "while [ \"$1\" != --root ]; do shift; done; mkdir -p \"$2/bin\"; ln -sf '{binary}' \"$2/bin/scanall\""
            ),
        );
        runner
    }

    fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    fn fake(&self, program: &str, script: &str) {
        let path = self.sandbox.write(&format!("fakes/{program}"), format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Commits a file and returns the commit.
    fn commit(&self, file: &str, text: &str) -> String {
        self.sandbox.write(&format!("work/{file}"), text);
        self.sandbox.git("work", &["init", "-q", "-b", "main", "."]);
        self.sandbox.git("work", &["add", "-A"]);
        self.sandbox.git("work", &["commit", "-qm", "change"]);
        self.sandbox.git("work", &["rev-parse", "HEAD"])
    }

    /// A text with its `${{ … }}` replaced.
    fn expand(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${{") {
            let (expression, after) = behind.split_once("}}").unwrap();
            out.push_str(before);
            // A list of alternatives: the first that is not empty.
            let known = expression.split("||").map(|part| self.value(part.trim()));
            out.push_str(&known.into_iter().find(|value| !value.is_empty()).unwrap_or_default());
            rest = after;
        }
        out + rest
    }

    fn value(&self, name: &str) -> String {
        match name.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(text) => text.to_owned(),
            None => self.values.get(name).cloned().unwrap_or_default(),
        }
    }

    fn holds(&self, condition: &str) -> bool {
        condition.split("&&").all(|part| match part.split_once("!=") {
            Some((left, right)) => self.value(left.trim()) != self.value(right.trim()),
            None => {
                let (left, right) = part.split_once("==").unwrap();
                self.value(left.trim()) == self.value(right.trim())
            }
        })
    }

    fn run(mut self) -> Ended {
        let temp = self.sandbox.path("temp");
        fs::create_dir_all(&temp).unwrap();
        let summary = self.sandbox.write("summary", "");
        let mut ended = Ended {
            code: 0,
            log: String::new(),
            used: Vec::new(),
            outputs: BTreeMap::new(),
            summary: String::new(),
            comments: Vec::new(),
        };
        for step in std::mem::take(&mut self.action.runs.steps) {
            if !step.condition.as_ref().is_none_or(|condition| self.holds(condition)) {
                continue;
            }
            let Some(script) = step.run else {
                let with: Vec<String> =
                    step.with.iter().map(|(key, value)| format!("{key}={}", self.expand(value))).collect();
                ended.used.push(format!("{} {}", step.uses.unwrap(), with.join(" ")));
                continue;
            };
            assert!(!script.contains("${{"), "{}: inputs reach a script through its environment only", step.name);
            let output = self.sandbox.write("output", "");
            let script = self.sandbox.write("step.sh", script);
            let mut command = Command::new("bash");
            command.arg("--noprofile").arg("--norc").arg("-eo").arg("pipefail").arg(script).env_clear();
            command.current_dir(self.sandbox.path("work"));
            let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.sandbox.path("fakes").display());
            command.env("PATH", path).env("RUNNER_TEMP", &temp).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
            command.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary).env("CI", "true");
            command.envs(&self.environment).envs(step.env.iter().map(|(name, value)| (name, self.expand(value))));
            let done = command.output().unwrap();
            ended.log += &String::from_utf8_lossy(&done.stdout);
            ended.log += &String::from_utf8_lossy(&done.stderr);
            ended.code = done.status.code().unwrap_or(-1);
            for line in fs::read_to_string(&output).unwrap().lines() {
                let (name, value) = line.split_once('=').unwrap();
                self.set(&format!("steps.{}.outputs.{name}", step.id.as_deref().unwrap()), value);
            }
            if ended.code != 0 {
                break;
            }
        }
        ended.outputs =
            self.action.outputs.iter().map(|(name, output)| (name.clone(), self.expand(&output.value))).collect();
        ended.summary = fs::read_to_string(&summary).unwrap();
        // The sandbox goes with the runner: what is asked for later is read now.
        for name in ["json", "sarif"] {
            let text = fs::read_to_string(&ended.outputs[name]).unwrap_or_default();
            ended.outputs.insert(format!("{name} text"), text);
        }
        let body = |comment: &serde_json::Value| comment["body"].as_str().unwrap().to_owned();
        ended.comments = self.server.memory().comments.iter().map(body).collect();
        assert!(!ended.log.contains(TOKEN) && !ended.summary.contains(TOKEN), "{}", ended.log);
        ended
    }
}

impl Ended {
    fn uploads(&self) -> bool {
        self.used.iter().any(|used| used.starts_with("github/codeql-action/upload-sarif@"))
    }

    fn keeps(&self) -> bool {
        self.used.iter().any(|used| used.starts_with("actions/upload-artifact@"))
    }

    fn saves(&self) -> bool {
        self.used.iter().any(|used| used.starts_with("actions/cache/save@"))
    }
}

#[test]
fn a_push_scans_everything_and_uploads() {
    let mut runner = Runner::new("push");
    runner.set("inputs.only", "secrets");
    let ended = runner.run();
    assert_eq!((ended.code, ended.uploads(), ended.saves()), (1, true, true), "{}", ended.log);
    assert_eq!((&ended.outputs["exit-code"][..], &ended.outputs["total"][..]), ("1", "1"), "{}", ended.log);
    assert_eq!(ended.outputs["verdict"], "findings");
    assert!(ended.outputs["json text"].contains("secret/github-pat"));
    assert!(ended.summary.contains("GitHub personal access token"), "{}", ended.summary);
    assert!(ended.used.iter().all(|used| used.split(['@', ' ']).nth(1).is_some_and(|sha| sha.len() == 40)), "pinned");
}

#[test]
fn a_pull_request_is_not_told_of_what_is_old() {
    let mut runner = Runner::new("pull_request");
    runner.set("inputs.only", "secrets");
    runner.commit("new.txt", "nothing\n");
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["total"][..], ended.uploads()), (0, "0", true), "{}", ended.log);
    assert!(ended.comments.is_empty() && !ended.keeps(), "{}", ended.log);

    // What a file has had before the change is old, too.
    let mut runner = Runner::new("pull_request");
    let base = runner.commit("known.txt", &format!("{}\n", token("known")));
    runner.set("github.event.pull_request.base.sha", &base);
    runner.set("inputs.only", "secrets");
    runner.commit("known.txt", &format!("a new line\n{}\n", token("known")));
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["total"][..]), (0, "0"), "{}", ended.log);
}

#[test]
fn a_pull_request_is_told_of_what_it_adds() {
    let mut runner = Runner::new("pull_request");
    runner.set("inputs.only", "secrets");
    runner.commit("new.txt", &format!("{}\n", token("new")));
    runner.commit("gone.txt", &format!("{}\n", token("gone")));
    runner.sandbox.git("work", &["rm", "-q", "gone.txt"]);
    runner.commit("other.txt", "removed again\n");
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["total"][..]), (1, "2"), "{}", ended.log);
    assert!(ended.log.contains("::error file=new.txt,line=1"), "an annotation: {}", ended.log);
    assert_eq!(ended.comments.len(), 1, "{}", ended.log);
    assert!(ended.comments[0].contains("new.txt:1") && !ended.comments[0].contains("old.txt"), "{:?}", ended.comments);
    assert!(ended.outputs["sarif text"].contains("\"baselineState\": \"new\""));
}

#[test]
fn a_comment_that_may_not_be_made_fails_nothing() {
    for (wanted, code) in [("auto", 1), ("true", 2)] {
        let trouble = vec![Trouble::refusal("POST", "/issues/7/comments", 422, "Validation Failed")];
        let mut runner = Runner::with("pull_request", Scenario { trouble, ..Scenario::default() });
        runner.set("inputs.only", "secrets");
        runner.set("inputs.comment", wanted);
        runner.commit("new.txt", &format!("{}\n", token("new")));
        let ended = runner.run();
        assert_eq!((ended.code, ended.comments.len()), (code, 0), "{wanted}: {}", ended.log);
    }
}

#[test]
fn a_shallow_checkout_is_told_what_to_do() {
    let mut runner = Runner::new("pull_request");
    runner.set("inputs.only", "secrets");
    runner.commit("new.txt", "nothing\n");
    let whole = runner.sandbox.path("work");
    fs::rename(&whole, runner.sandbox.path("whole")).unwrap();
    let from = format!("file://{}", runner.sandbox.path("whole").display());
    runner.sandbox.git("whole", &["clone", "-q", "--depth", "1", &from, whole.to_str().unwrap()]);
    let ended = runner.run();
    assert_eq!((ended.code, ended.log.contains("fetch-depth: 0")), (2, true), "{}", ended.log);
}

#[test]
fn what_is_scanned_gives_the_runner_no_commands() {
    let mut runner = Runner::new("push");
    runner.set("inputs.only", "secrets");
    runner.commit("::error::ha.txt", &format!("{}\n", token("new")));
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["total"][..]), (1, "2"), "{}", ended.log);
    // As the runner reads the log: between the word that stops commands and the same word nothing is one.
    let mut stopped = None;
    for line in ended.log.lines().map(str::trim_start).filter(|line| line.starts_with("::")) {
        match (&stopped, line.strip_prefix("::stop-commands::")) {
            (None, Some(word)) => stopped = Some(format!("::{word}::")),
            (Some(word), _) if word == line => stopped = None,
            (Some(_), _) => {}
            (None, None) => assert!(!line.starts_with("::error::ha"), "{line}"),
        }
    }
    assert!(stopped.is_none(), "commands count again afterwards");
}

#[test]
fn a_stranger_gets_a_summary_an_artifact_and_no_failure() {
    for (name, value) in
        [("github.event.pull_request.head.repo.full_name", "stranger/shop"), ("github.actor", "dependabot[bot]")]
    {
        let mut runner = Runner::new("pull_request");
        runner.set("inputs.only", "secrets");
        runner.set(name, value);
        let ended = runner.run();
        assert_eq!((ended.code, ended.uploads(), ended.saves()), (0, false, false), "{}", ended.log);
        assert!(ended.keeps() && ended.comments.is_empty() && !ended.summary.is_empty(), "{}", ended.log);
        assert!(ended.log.contains("may not upload"), "{}", ended.log);
    }
}

#[test]
fn a_merge_group_uploads_nothing() {
    let mut runner = Runner::new("merge_group");
    runner.set("inputs.only", "secrets");
    let base = runner.sandbox.git("work", &["rev-parse", "HEAD"]);
    runner.set("github.event.merge_group.base_sha", &base);
    let ended = runner.run();
    assert_eq!((ended.code, ended.uploads(), ended.saves()), (0, false, false), "{}", ended.log);
}

#[test]
fn incomplete_is_not_clean_and_is_not_uploaded() {
    let mut runner = Runner::new("schedule");
    runner.set("inputs.only", "secrets,dependencies");
    // Without the network and a database there is no full answer about dependencies.
    let manifest = "version = 4\n\n[[package]]\nname = \"time\"\nversion = \"0.2.15\"\n\
                    source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    runner.commit("Cargo.lock", manifest);
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["verdict"][..]), (3, "incomplete"), "{}", ended.log);
    assert!(ended.uploads(), "secrets were looked at");
    assert!(ended.outputs["sarif text"].contains("scanall/dependencies/"), "the whole log has both");
}

#[test]
fn nonsense_is_refused_in_words() {
    for (input, value, said) in [
        ("inputs.version", "latest", "version must be exact"),
        ("inputs.mode", "everything", "mode must be"),
        ("inputs.upload", "maybe", "upload must be"),
        ("inputs.fail-on", "--help", "could not run"),
        ("inputs.path", "$(touch pwned)", "could not run"),
        ("inputs.only", "secrets; touch pwned", "could not run"),
    ] {
        let mut runner = Runner::new("push");
        runner.set(input, value);
        let ended = runner.run();
        assert_eq!((ended.code, ended.log.contains(said)), (2, true), "{input}: {}", ended.log);
        assert!(!ended.log.contains("pwned: command"), "{}", ended.log);
    }
}

/// A release on disk that the fake `curl` serves.
fn release(runner: &Runner, sums: &str) {
    let binary = env!("CARGO_BIN_EXE_scanall");
    let name = format!("scanall-{}-x86_64-unknown-linux-musl.tar.gz", env!("CARGO_PKG_VERSION"));
    let folder = runner.sandbox.path("release");
    fs::create_dir_all(&folder).unwrap();
    // A program that hands over to the real one keeps the archive small.
    let program = runner.sandbox.write("release/scanall", format!("#!/bin/sh\nexec '{binary}' \"$@\"\n"));
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    let tar = Command::new("tar").arg("-czf").arg(folder.join(&name)).arg("-C").arg(&folder).arg("scanall").status();
    assert!(tar.unwrap().success());
    let sum = Command::new("sha256sum").arg(&name).current_dir(&folder).output().unwrap();
    let sums = if sums.is_empty() { String::from_utf8(sum.stdout).unwrap() } else { sums.replace("NAME", &name) };
    runner.sandbox.write("release/SHA256SUMS", sums);
    let folder = folder.display().to_string();
    runner.fake("curl", &format!("for last; do :; done; out=$(echo \"$*\" | sed 's/.*--output \\([^ ]*\\).*/\\1/'); cp '{folder}'/\"$(basename \"$last\")\" \"$out\""));
    runner.fake("cargo", "exit 9");
}

#[test]
fn a_release_is_used_when_its_checksum_and_attestation_hold() {
    let mut runner = Runner::new("push");
    runner.set("inputs.only", "secrets");
    release(&runner, "");
    runner.fake("gh", "exit 0");
    let ended = runner.run();
    assert_eq!((ended.code, &ended.outputs["verdict"][..]), (1, "findings"), "{}", ended.log);

    for (sums, attested, said) in [
        (format!("{}  NAME\n", "0".repeat(64)), true, "checksum of"),
        ("\n".to_owned(), true, "no checksum for"),
        (String::new(), false, "no valid attestation"),
    ] {
        let runner = Runner::new("push");
        release(&runner, &sums);
        runner.fake("gh", if attested { "exit 0" } else { "exit 1" });
        let ended = runner.run();
        assert_eq!((ended.code, ended.log.contains(said)), (2, true), "{}", ended.log);
        assert_eq!(ended.outputs["exit-code"], "", "nothing of it was run");
    }
}

#[test]
fn the_steps_are_clean_for_shellcheck() {
    let Some(folder) = folder_of("shellcheck") else { return };
    let runner = Runner::new("push");
    for step in &runner.action.runs.steps {
        let Some(script) = &step.run else { continue };
        // What the runner and the step's own environment set is no mistake of the script.
        let script = runner.sandbox.write("step.sh", script);
        let mut command = Command::new(folder.join("shellcheck"));
        let done = command.args(["--shell=bash", "--exclude=SC2154"]).arg(script).output().unwrap();
        assert!(done.status.success(), "{}: {}", step.name, String::from_utf8_lossy(&done.stdout));
    }
}
