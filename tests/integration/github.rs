//! Uploads, dismissals and comments, against a server on this machine that is as strict as GitHub documents itself.

mod alerts;
mod comments;
pub(crate) mod http;
mod network;
mod refusals;
mod rules;
pub(crate) mod server;
mod uploads;

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Run, Sandbox, token};
use server::{Scenario, Server};

/// A checkout with one leaked credential in `r`, and what Actions tells about it.
struct Checkout {
    sandbox: Sandbox,
    server: Server,
    variables: Vec<(&'static str, String)>,
}

impl Checkout {
    /// On the branch `main` of `acme/shop`, at a push.
    fn of(scenario: Scenario) -> Self {
        let sandbox = Sandbox::new();
        sandbox.git("", &["init", "-q", "-b", "main", "r"]);
        sandbox.write("r/a/x y.txt", format!("\n{}\n", token("upload")));
        sandbox.write("r/Cargo.lock", "version = 4\n");
        let mut checkout = Self { sandbox, server: Server::start(scenario), variables: Vec::new() };
        let head = checkout.commit("first");
        checkout.variables = vec![
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_API_URL", checkout.server.url.clone()),
            ("GITHUB_SERVER_URL", "https://github.com".to_owned()),
            ("GITHUB_REPOSITORY", "acme/shop".to_owned()),
            ("GITHUB_SHA", head),
            ("GITHUB_REF", "refs/heads/main".to_owned()),
            ("GITHUB_EVENT_NAME", "push".to_owned()),
            ("GITHUB_TOKEN", server::TOKEN.to_owned()),
            ("SCANALL_TEST_PACE", "0.001".to_owned()),
        ];
        checkout
    }

    fn commit(&self, message: &str) -> String {
        self.sandbox.git("r", &["add", "-A"]);
        self.sandbox.git("r", &["commit", "-q", "--allow-empty", "-m", message]);
        self.sandbox.git("r", &["rev-parse", "HEAD"])
    }

    /// Sets a variable, or takes it away.
    fn set(&mut self, name: &'static str, value: Option<&str>) {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.extend(value.map(|value| (name, value.to_owned())));
    }

    /// Makes the event one of a pull request from a repository.
    fn pull_request(&mut self, number: u64, from: &str) {
        let event = serde_json::json!({ "number": number, "pull_request": {
            "number": number,
            "head": { "repo": { "full_name": from } },
            "base": { "repo": { "full_name": "acme/shop" } },
        } });
        let path = self.sandbox.write("event.json", event.to_string());
        self.set("GITHUB_EVENT_PATH", path.to_str());
        self.set("GITHUB_EVENT_NAME", Some("pull_request"));
        self.set("GITHUB_REF", Some(&format!("refs/pull/{number}/merge")));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.sandbox.command();
        command.current_dir(self.sandbox.path("r")).args(args);
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command
    }

    /// Runs a command in the checkout. Whatever happens, the token is nowhere to be seen.
    fn run(&self, args: &[&str]) -> Run {
        let run = Run::of(&mut self.command(args));
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(server::TOKEN), "the token is shown: {text}");
            assert!(!text.contains('\u{1b}'), "an escape reaches the terminal: {text:?}");
        }
        run
    }

    /// Scans the secrets of the files and uploads.
    fn scan(&self, more: &[&str]) -> Run {
        let args = ["scan", "--only", "secrets", "--no-cache", "--upload"];
        self.run(&args.iter().chain(more).copied().collect::<Vec<_>>())
    }

    /// Writes a SARIF file of a tool with runs of these categories, each with a result.
    fn sarif(&self, name: &str, tool: &str, categories: &[&str]) -> PathBuf {
        let runs: Vec<Value> = categories.iter().map(|category| run_of(tool, category)).collect();
        let log = serde_json::json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": runs,
        });
        self.sandbox.write(&format!("r/{name}"), log.to_string())
    }
}

fn run_of(tool: &str, category: &str) -> Value {
    serde_json::json!({
        "tool": { "driver": { "name": tool, "rules": [{
            "id": "rule", "shortDescription": { "text": "A rule." }, "fullDescription": { "text": "A rule." },
            "help": { "text": "Help." }, "properties": { "security-severity": "8.0" },
        }] } },
        "automationDetails": { "id": category },
        "results": [{
            "ruleId": "rule",
            "message": { "text": "Something." },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": "a/x%20y.txt" }, "region": { "startLine": 2 },
            } }],
        }],
    })
}
