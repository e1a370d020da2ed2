//! Programs that look for vulnerable packages: the real ones where they are installed, and stand-ins that print what
//! the real ones do.
#![cfg(unix)]

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, places};
use crate::tools::{folder_of, stand_in};

/// A sandbox with the application, a home and a stand-in that writes its arguments and variables to the home.
fn sandbox_with(program: &str, report: &str, code: i32) -> Sandbox {
    let sandbox = Sandbox::with_app();
    std::fs::create_dir(sandbox.path("home")).unwrap();
    sandbox.write("report", report);
    let print = format!("cat '{}'; exit {code}", sandbox.path("report").display());
    stand_in(&sandbox, program, &format!("echo \"$@\" >\"$HOME/arguments\"; env >\"$HOME/variables\"; {print}"));
    sandbox
}

fn scan(sandbox: &Sandbox, tool: &str, args: &[&str], variables: &[(&str, &str)]) -> (Value, i32) {
    let path = std::env::join_paths([sandbox.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(["scan", "app", "--history", "none", "--format", "json", "--only", tool]).args(args);
    let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")).envs(variables.iter().copied()));
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

fn arguments(sandbox: &Sandbox) -> String {
    let root = sandbox.path("app").canonicalize().unwrap().display().to_string();
    sandbox.read("home/arguments").trim().replace(&root, "ROOT")
}

fn gap(report: &Value, tool: &str) -> String {
    layer(report, tool)["gaps"][0]["message"].as_str().unwrap_or_default().to_owned()
}

const GRYPE: &str = r#"{"matches":[{"vulnerability":{"id":"CVE-2021-1","severity":"High"},"artifact":{"name":"shelf",
 "version":"1","type":"npm","locations":[{"path":"/web/yarn.lock"}]}}],"descriptor":{"name":"grype"}}"#;

#[test]
fn grype_looks_at_the_folder_and_is_told_what_not_to_ask() {
    let sandbox = sandbox_with("grype", GRYPE, 0);
    let (report, code) = scan(&sandbox, "grype", &[], &[]);
    assert_eq!((places(&report), code), (vec!["advisory/CVE-2021-1 web/yarn.lock".to_owned()], 1));
    assert_eq!(arguments(&sandbox), "--quiet --output json dir:ROOT");
    assert!(!sandbox.read("home/variables").contains("GRYPE_DB_AUTO_UPDATE"));
    let (report, _) = scan(&sandbox, "grype", &["--offline"], &[]);
    assert!(gap(&report, "grype").starts_with("grype has no database on this machine"), "{report}");
    sandbox.write("home/.cache/grype/db/6/import.json", "{}");
    let (report, code) = scan(&sandbox, "grype", &["--offline"], &[]);
    assert_eq!((places(&report).len(), code), (1, 1), "{report}");
    let seen = sandbox.read("home/variables");
    assert!(seen.contains("GRYPE_DB_AUTO_UPDATE=false") && seen.contains("GRYPE_DB_VALIDATE_AGE=false"), "{seen}");
}

const OSV: &str = r#"{"results":[{"source":{"path":"web/yarn.lock","type":"lockfile"},"packages":[{"package":
 {"name":"shelf","version":"1","ecosystem":"npm"},"groups":[{"ids":["GHSA-a","CVE-2021-1"],"max_severity":"9.8"}]}]}]}"#;

#[test]
fn osv_scanner_builds_nothing_and_needs_its_database_offline() {
    let sandbox = sandbox_with("osv-scanner", OSV, 1);
    let (report, code) = scan(&sandbox, "osv-scanner", &[], &[]);
    assert_eq!((places(&report), code), (vec!["advisory/GHSA-a web/yarn.lock".to_owned()], 1), "{report}");
    let words = "scan source --recursive --format=json --no-call-analysis=all --no-resolve";
    assert_eq!(arguments(&sandbox), format!("{words} -- ROOT"));
    let (report, _) = scan(&sandbox, "osv-scanner", &["--offline"], &[]);
    assert!(gap(&report, "osv-scanner").starts_with("osv-scanner has no database"), "{report}");
    sandbox.write("home/.cache/osv-scanner/npm/all.zip", "");
    let (report, code) = scan(&sandbox, "osv-scanner", &["--offline"], &[]);
    assert_eq!((places(&report).len(), code), (1, 1), "{report}");
    assert_eq!(arguments(&sandbox), format!("{words} --offline -- ROOT"));
}

#[test]
fn osv_scanner_that_knows_no_package_found_nothing() {
    let (report, code) = scan(&sandbox_with("osv-scanner", "", 128), "osv-scanner", &[], &[]);
    assert_eq!((layer(&report, "osv-scanner")["outcome"].as_str(), code), (Some("completed"), 0), "{report}");
    let (report, _) = scan(&sandbox_with("osv-scanner", "", 1), "osv-scanner", &[], &[]);
    let reason = layer(&report, "osv-scanner")["reason"].as_str().unwrap();
    assert_eq!(reason, "osv-scanner ended with exit code 1 and wrote no report");
}

const PIP_AUDIT: &str = r#"{"dependencies":[{"name":"jinja2","version":"2.10","vulns":[{"id":"PYSEC-2019-217",
 "fix_versions":["2.10.1"]}]},{"name":"other","version":"1","vulns":[{"id":"PYSEC-1"}]}],"fixes":[]}"#;

#[test]
fn pip_audit_is_given_what_is_pinned_and_its_findings_a_line() {
    let sandbox = sandbox_with("pip-audit", PIP_AUDIT, 1);
    sandbox.write("app/requirements.txt", "# ours\nJinja2==2.10\n");
    sandbox.write("app/requirements-dev.txt", "pytest>=7\n");
    let (report, code) = scan(&sandbox, "pip-audit", &[], &[]);
    let expected = ["advisory/PYSEC-1 python-environment", "advisory/PYSEC-2019-217 requirements.txt:2"];
    assert_eq!((places(&report), code), (expected.map(str::to_owned).to_vec(), 0), "{report}");
    let words = "--format json --progress-spinner off --no-deps --disable-pip";
    assert_eq!(arguments(&sandbox), format!("{words} --requirement ROOT/requirements.txt"));
    assert!(gap(&report, "pip-audit").starts_with("`requirements-dev.txt` does not pin every version"), "{report}");
    let (report, _) = scan(&sandbox, "pip-audit", &["--offline"], &[]);
    assert_eq!(layer(&report, "pip-audit")["outcome"], "skipped");
}

#[test]
fn pip_audit_that_says_nothing_has_failed() {
    let sandbox = sandbox_with("pip-audit", "", 1);
    sandbox.write("app/requirements.txt", "jinja2==2.10\n");
    let (report, code) = scan(&sandbox, "pip-audit", &[], &[]);
    assert_eq!((layer(&report, "pip-audit")["outcome"].as_str(), code), (Some("failed"), 3), "{report}");
}

#[test]
fn pip_audit_for_real() {
    let Some(folder) = folder_of("pip-audit") else { return };
    let sandbox = Sandbox::with_app();
    sandbox.write("app/requirements.txt", "jinja2==2.10\n");
    let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(["scan", "app", "--history", "none", "--format", "json", "--only", "pip-audit"]);
    let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")));
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let ran = layer(&report, "pip-audit");
    // With an index it finds what is wrong with this version; without one it must not look clean.
    let found = places(&report).iter().any(|place| place.ends_with(" requirements.txt:1"));
    let is_told = ran["outcome"] == "failed" || ran["gaps"].as_array().is_some_and(|gaps| !gaps.is_empty());
    assert!(found || is_told, "{report}");
}

const SAFETY: &str = r#"A new version of Safety is out.
{"report_meta":{},"vulnerabilities":[{"vulnerability_id":"36885","package_name":"jinja2","analyzed_version":"2.10",
 "CVE":"CVE-2019-10906","ignored":{}}],"ignored_vulnerabilities":[]}"#;

#[test]
fn safety_is_given_what_is_pinned() {
    let sandbox = sandbox_with("safety", SAFETY, 64);
    sandbox.write("app/service/requirements.txt", "jinja2==2.10 --hash=sha256:aa\n");
    let (report, code) = scan(&sandbox, "safety", &[], &[]);
    let expected = vec!["advisory/CVE-2019-10906 service/requirements.txt:1".to_owned()];
    assert_eq!((places(&report), code), (expected, 0), "{report}");
    assert_eq!(arguments(&sandbox), "check --json --file ROOT/service/requirements.txt");
}

const SNYK: &str = r#"{"vulnerabilities":[{"id":"SNYK-JS-SHELF-1","title":"Pollution","severity":"high","packageName":"shelf",
 "version":"1","from":["shop@1","shelf@1"]}],"ok":false,"dependencyCount":1,"packageManager":"npm",
 "displayTargetFile":"package-lock.json"}"#;

#[test]
fn snyk_runs_with_a_token_and_runs_no_build() {
    let sandbox = sandbox_with("snyk", SNYK, 1);
    let token = [("SNYK_TOKEN", "a-token-of-ours")];
    let pass = ["--pass-env", "snyk:SNYK_TOKEN"];
    let (report, _) = scan(&sandbox, "snyk", &pass, &token);
    assert!(
        layer(&report, "snyk")["reason"].as_str().unwrap().starts_with("there is no package-lock.json"),
        "{report}"
    );
    sandbox.write("app/package-lock.json", "{}");
    let (report, _) = scan(&sandbox, "snyk", &[], &token);
    assert!(gap(&report, "snyk").contains("--pass-env snyk:SNYK_TOKEN"), "{report}");
    let (report, code) = scan(&sandbox, "snyk", &pass, &token);
    assert_eq!((places(&report).len(), code), (1, 1), "{report}");
    assert_eq!(arguments(&sandbox), "test --json --all-projects ROOT");
    assert!(sandbox.read("home/variables").contains("SNYK_TOKEN=a-token-of-ours"));
    sandbox.write("app/jvm/build.gradle", "throw new Exception()");
    let (report, _) = scan(&sandbox, "snyk", &pass, &token);
    assert!(gap(&report, "snyk").contains("the build that `jvm/build.gradle` is of"), "{report}");
}
