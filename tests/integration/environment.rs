//! Defines [`Sandbox`]: a folder of its own for a test, and the executable without anything of the machine around it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The root of the project.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run printed and how it ended.
#[must_use = "look at what it printed or how it ended"]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A sandbox that holds the application of `fixtures/app.sh` with its history, in `app`.
    pub(crate) fn with_app() -> Self {
        let sandbox = Self::new();
        let script = Path::new(ROOT).join("fixtures/app.sh");
        let made = Command::new("sh").arg(script).arg(sandbox.path("app")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Runs real git in a folder of the sandbox, with fixed names and dates and no configuration of the machine.
    pub(crate) fn git(&self, folder: &str, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.path(folder)).args(args);
        for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
            command.env(format!("{name}_NAME"), "Test").env(format!("{name}_EMAIL"), "test@test.invalid");
            command.env(format!("{name}_DATE"), "2026-04-01T08:00:00+0000");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The executable in the sandbox, without a single variable of the machine.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scanall"));
        command.current_dir(self.folder.path()).env_clear();
        command
    }

    /// Runs it offline with arguments.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        Run::of(self.command().arg("scan").arg("--offline").args(args))
    }

    /// Scans a path offline with more arguments and returns the JSON report and the exit code.
    pub(crate) fn report(&self, path: &str, args: &[&str]) -> (Value, i32) {
        let run = self.run([path, "--format", "json"].iter().chain(args));
        let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr));
        (report, run.code)
    }
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        Self {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }
}

/// The rules of the findings of a report, with their places, sorted as reported.
pub(crate) fn places(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| {
            let line = f["location"]["start_line"].as_u64().map_or(String::new(), |line| format!(":{line}"));
            format!("{} {}{line}", f["rule"].as_str().unwrap(), f["location"]["path"].as_str().unwrap())
        })
        .collect()
}

/// The entry of a layer in a report.
pub(crate) fn layer<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["layers"].as_array().unwrap().iter().find(|layer| layer["layer"] == id).unwrap()
}

/// A token of GitHub's documented shape, put together so that none stands in this repository.
pub(crate) fn token(seed: &str) -> String {
    scanall::scanner::secrets::template::expand("ghp_{{alnum:36}}", seed).unwrap()
}

/// Insta settings that take out what differs from run to run: times and the number of built-in advisories.
pub(crate) fn stable() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r" *\b[0-9]+(?:\.[0-9])? (?:ms|s|min [0-9]+ s)\b", " [time]");
    settings.add_filter(r#""seconds": [0-9.e-]+"#, r#""seconds": "[time]""#);
    settings.add_filter(r"against [0-9]+ advisories", "against [n] advisories");
    settings
}
