//! Programs that look for credentials: real ones where they are installed, else stand-ins that print what they would.

use serde_json::Value;

use crate::environment::{Sandbox, layer, places};
use crate::tools::{folder_of, with_path};

/// A credential of the application.
const TOKEN: &str = "ghp_k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_app();
    std::fs::create_dir(sandbox.path("home")).unwrap();
    sandbox
}

/// Each tool that is here, and the folder that it is in.
fn installed() -> impl Iterator<Item = (&'static str, std::path::PathBuf)> {
    ["gitleaks", "betterleaks", "kingfisher"].into_iter().filter_map(|tool| Some((tool, folder_of(tool)?)))
}

fn holds_token(report: &Value) -> bool {
    report.to_string().contains(TOKEN)
}

#[test]
fn each_for_real_and_what_all_found_is_said_once() {
    for (tool, folder) in installed() {
        let sandbox = sandbox();
        let (report, code) = with_path(&sandbox, &folder, &["--only", &format!("{tool},secrets")]);
        assert_eq!((layer(&report, tool)["outcome"].as_str(), code), (Some("completed"), 1), "{report}");
        let token = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "secret/github-pat").unwrap();
        let sources = token["sources"].as_array().unwrap();
        let named = |name: &str| sources.iter().any(|source| source["tool"] == name);
        assert!(sources.len() == 2 && named("scanall") && named(tool), "{token}");
        assert_eq!(token["location"]["path"], "deploy/ci.yml", "{tool}");
        assert!(!holds_token(&report), "{tool}");
    }
}

#[test]
fn files_alone_are_looked_at_when_history_is_not_wanted() {
    for (tool, folder) in installed() {
        let sandbox = sandbox();
        let (report, _) = with_path(&sandbox, &folder, &["--only", tool, "--history", "none"]);
        assert_eq!(layer(&report, tool)["outcome"], "completed", "{report}");
        let found = places(&report);
        assert!(found.contains(&"secret/github-pat deploy/ci.yml:1".to_owned()), "{tool}: {found:?}");
    }
}

#[test]
#[cfg(unix)]
fn the_configuration_of_a_repository_runs_nothing() {
    for (tool, folder) in installed() {
        let sandbox = sandbox();
        let ran = sandbox.path("home/ran").display().to_string();
        sandbox.write("app/.gitattributes", "* diff=evil\n");
        sandbox.git("app", &["add", "."]);
        sandbox.git("app", &["commit", "--quiet", "-m", "Attributes"]);
        for key in ["diff.evil.textconv", "diff.evil.command", "diff.external", "gpg.program", "core.pager"] {
            sandbox.git("app", &["config", key, &format!("touch {ran};")]);
        }
        sandbox.git("app", &["config", "log.showSignature", "true"]);
        let (report, _) = with_path(&sandbox, &folder, &["--only", tool]);
        assert_eq!(layer(&report, tool)["outcome"], "completed", "{report}");
        assert!(!places(&report).is_empty() && !sandbox.path("home/ran").exists(), "{tool}");
    }
}

#[cfg(unix)]
mod stand_ins {
    use super::*;
    use crate::tools::stand_in;

    #[test]
    fn trufflehog_tries_nothing_out_and_its_findings_join() {
        let sandbox = sandbox();
        let line = format!(
            r#"{{"SourceMetadata":{{"Data":{{"Git":{{"commit":"","file":"deploy/ci.yml","line":1}}}}}},"DetectorName":"Github","Verified":false,"Raw":"{TOKEN}","RawV2":""}}"#
        );
        stand_in(
            &sandbox,
            "trufflehog",
            &format!(
                "[ \"$2\" = --version ] && {{ echo trufflehog 3.91.0; exit 0; }}; echo \"$*\" > \"$HOME/called\"; echo '{line}'"
            ),
        );
        let (report, code) = with_path(&sandbox, &sandbox.path("bin"), &["--only", "trufflehog,secrets"]);
        assert_eq!((layer(&report, "trufflehog")["outcome"].as_str(), code), (Some("completed"), 1), "{report}");
        let root = sandbox.path("app").canonicalize().unwrap();
        let called = format!("git --json --no-update --no-verification --no-color file://{}", root.display());
        assert_eq!(sandbox.read("home/called").trim(), called);
        let token = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "secret/github-pat").unwrap();
        assert_eq!(token["sources"].as_array().unwrap().len(), 2, "{token}");
        assert!(!holds_token(&report));
    }

    #[test]
    fn a_trufflehog_that_runs_what_a_repository_names_is_not_run() {
        let sandbox = sandbox();
        stand_in(
            &sandbox,
            "trufflehog",
            "[ \"$2\" = --version ] && { echo trufflehog 3.90.8; exit 0; }; touch \"$HOME/ran\"",
        );
        let (report, _) = with_path(&sandbox, &sandbox.path("bin"), &["--only", "trufflehog"]);
        let gap = layer(&report, "trufflehog")["gaps"][0]["message"].as_str().unwrap().to_owned();
        assert!(gap.starts_with("trufflehog 3.90.8 is too old to be run"), "{gap}");
        assert!(!sandbox.path("home/ran").exists());
    }
}
