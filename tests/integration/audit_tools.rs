//! Audits of dependencies by stand-ins: what they are called with, what they see, and what is made of what they print.
#![cfg(unix)]

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, places};
use crate::tools::stand_in;

/// Writes down what it was called with and what lies in its folder.
const NOTE: &str = "{ echo \"$*\"; ls -A; echo \"$npm_config_ignore_scripts\"; } > \"$HOME/called\"";
const NPM: &str = r#"{"auditReportVersion":2,"vulnerabilities":{"lodash":{"name":"lodash","severity":"high","via":[{"source":1,"title":"Injection","url":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","severity":"high"}],"fixAvailable":true}},"metadata":{"vulnerabilities":{"total":1}}}"#;

fn sandbox(program: &str, script: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("home")).unwrap();
    sandbox.write("app/README.md", "# A shop\n");
    stand_in(&sandbox, program, script);
    sandbox
}

fn scan(sandbox: &Sandbox, tool: &str, args: &[&str]) -> (Value, i32) {
    let path = std::env::join_paths([sandbox.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(["scan", "app", "--format", "json", "--only", tool]).args(args);
    let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")));
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

fn reason(report: &Value, tool: &str) -> String {
    layer(report, tool)["reason"].as_str().unwrap_or_default().to_owned()
}

fn gap(report: &Value, tool: &str) -> String {
    layer(report, tool)["gaps"][0]["message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn npm_sees_the_manifest_and_the_lockfile_and_nothing_that_could_run() {
    let sandbox = sandbox("npm", &format!("{NOTE}; echo '{NPM}'; exit 1"));
    for name in ["package.json", "package-lock.json", ".npmrc", ".pnpmfile.cjs", ".yarnrc.yml"] {
        sandbox.write(&format!("app/{name}"), "{}");
    }
    let (report, code) = scan(&sandbox, "npm-audit", &[]);
    assert_eq!(layer(&report, "npm-audit")["outcome"], "completed", "{report}");
    assert_eq!((places(&report), code), (vec!["advisory/GHSA-35jh-r3h4-6jhm package-lock.json".to_owned()], 1));
    let called = sandbox.read("home/called");
    assert_eq!(called, "audit --json --package-lock-only\npackage-lock.json\npackage.json\ntrue\n");
    let (report, _) = scan(&sandbox, "npm-audit", &["--offline"]);
    assert!(reason(&report, "npm-audit").starts_with("offline, and it asks the registry"), "{report}");
}

#[test]
fn a_manifest_that_is_a_link_is_not_followed() {
    let sandbox = sandbox("npm", &format!("{NOTE}; echo '{NPM}'"));
    sandbox.write("private.json", "{}");
    sandbox.write("app/package-lock.json", "{}");
    std::os::unix::fs::symlink(sandbox.path("private.json"), sandbox.path("app/package.json")).unwrap();
    let (report, _) = scan(&sandbox, "npm-audit", &[]);
    assert!(gap(&report, "npm-audit").contains("where there is no package.json"), "{report}");
    assert!(!sandbox.path("home/called").exists());
}

#[test]
fn an_audit_that_failed_is_never_clean() {
    let refused = r#"{"message":"405 Method Not Allowed","method":"POST","uri":"x","statusCode":405,"error":{"summary":"","detail":""}}"#;
    let sandbox = sandbox("npm", &format!("echo '{refused}'; exit 1"));
    sandbox.write("app/package.json", "{}");
    sandbox.write("app/package-lock.json", "{}");
    let (report, code) = scan(&sandbox, "npm-audit", &["--completeness", "strict"]);
    assert_eq!(code, 3);
    assert!(gap(&report, "npm-audit").contains("npm audit failed: 405 Method Not Allowed"), "{report}");
}

#[test]
fn pnpm_and_yarn() {
    let pnpm = r#"{"actions":[],"advisories":{"1":{"id":1,"findings":[{"version":"4.17.15","paths":[".>lodash"]}],"title":"Injection","module_name":"lodash","severity":"high","github_advisory_id":"GHSA-35jh-r3h4-6jhm"}},"muted":[],"metadata":{"vulnerabilities":{"high":1}}}"#;
    let box_of = sandbox("pnpm", &format!("{NOTE}; echo '{pnpm}'; exit 1"));
    for name in ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc"] {
        box_of.write(&format!("app/{name}"), "{}");
    }
    let (report, _) = scan(&box_of, "pnpm-audit", &[]);
    assert_eq!(places(&report), ["advisory/GHSA-35jh-r3h4-6jhm pnpm-lock.yaml"], "{report}");
    assert_eq!(box_of.read("home/called"), "audit --json\npackage.json\npnpm-lock.yaml\ntrue\n");

    let yarn = r#"{"value":"lodash","children":{"ID":1,"Issue":"Injection","URL":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","Severity":"high","Tree Versions":["4.17.15"]}}"#;
    let box_of = sandbox("yarn", &format!("{NOTE}; echo '{yarn}'; exit 1"));
    box_of.write("app/package.json", "{}");
    box_of.write("app/yarn.lock", "# yarn lockfile v1\n");
    let (report, _) = scan(&box_of, "yarn-audit", &[]);
    assert_eq!(places(&report), ["advisory/GHSA-35jh-r3h4-6jhm yarn.lock"], "{report}");
    assert!(box_of.read("home/called").starts_with("audit --json\n"));
    box_of.write("app/yarn.lock", "# Generated\n\n__metadata:\n  version: 8\n");
    scan(&box_of, "yarn-audit", &[]);
    assert!(box_of.read("home/called").starts_with("npm audit --all --recursive --json\n"));
}

#[test]
fn cargo_audit_asks_nobody_offline() {
    let found = r#"{"database":{},"lockfile":{"dependency-count":1},"vulnerabilities":{"found":true,"count":1,"list":[{"advisory":{"id":"RUSTSEC-2021-0003","title":"Buffer overflow"},"versions":{"patched":[]},"package":{"name":"smallvec","version":"0.6.10"}}]},"warnings":{}}"#;
    let sandbox = sandbox(
        "cargo-audit",
        &format!("[ \"$2\" = --version ] && {{ echo cargo-audit 0.22.2; exit 0; }}; {NOTE}; echo '{found}'; exit 1"),
    );
    sandbox.write("app/Cargo.lock", "version = 3\n");
    sandbox.write("app/.cargo/audit.toml", "");
    let (report, _) = scan(&sandbox, "cargo-audit", &["--offline"]);
    assert!(gap(&report, "cargo-audit").contains("no advisories on this machine"), "{report}");
    std::fs::create_dir_all(sandbox.path("home/.cargo/advisory-db")).unwrap();
    let (report, code) = scan(&sandbox, "cargo-audit", &["--offline"]);
    assert_eq!((places(&report), code), (vec!["advisory/RUSTSEC-2021-0003 Cargo.lock".to_owned()], 0), "{report}");
    assert_eq!(sandbox.read("home/called"), "audit --json --no-fetch --stale\nCargo.lock\n\n");
}

#[test]
fn cargo_deny_reports_on_standard_error() {
    let line = r#"{"type":"diagnostic","fields":{"severity":"error","code":"banned","message":"crate a = 1.0.0 is explicitly banned","graphs":[{"Krate":{"name":"a","version":"1.0.0"}}]}}"#;
    let sandbox = sandbox("cargo-deny", &format!("{NOTE}; echo '{line}' >&2; exit 2"));
    sandbox.write("app/Cargo.toml", "");
    let (report, _) = scan(&sandbox, "cargo-deny", &["--offline"]);
    assert!(reason(&report, "cargo-deny").starts_with("there is no deny.toml"), "{report}");
    sandbox.write("app/deny.toml", "");
    let (report, _) = scan(&sandbox, "cargo-deny", &["--offline"]);
    assert_eq!(places(&report), ["config/cargo-deny/banned Cargo.lock"], "{report}");
    assert!(gap(&report, "cargo-deny").contains("no advisories on this machine"), "{report}");
    let root = sandbox.path("app").canonicalize().unwrap();
    let called =
        format!("--offline --format json --manifest-path {}/Cargo.toml check bans licenses sources\n", root.display());
    assert!(sandbox.read("home/called").starts_with(&called), "{}", sandbox.read("home/called"));
    stand_in(
        &sandbox,
        "cargo-deny",
        r#"echo '{"type":"log","fields":{"level":"ERROR","message":"failed to fetch crates"}}' >&2; exit 1"#,
    );
    let (report, code) = scan(&sandbox, "cargo-deny", &["--offline", "--completeness", "strict"]);
    assert_eq!(code, 3, "{report}");
}

#[test]
fn govulncheck_gets_no_compiler_and_no_other_toolchain() {
    let stream = "{\"config\":{\"protocol_version\":\"v1.0.0\"}}\\n{\"finding\":{\"osv\":\"GO-2021-0113\",\"trace\":[{\"module\":\"golang.org/x/text\",\"version\":\"v0.3.5\"}]}}";
    let sandbox = sandbox(
        "govulncheck",
        &format!("echo \"$CGO_ENABLED $GOTOOLCHAIN $GOFLAGS\" > \"$HOME/called\"; printf '{stream}'"),
    );
    let (report, _) = scan(&sandbox, "govulncheck", &[]);
    assert!(reason(&report, "govulncheck").starts_with("there is no go.mod"), "{report}");
    sandbox.write("app/go.mod", "module shop.invalid/ledger\n");
    let (report, _) = scan(&sandbox, "govulncheck", &[]);
    assert_eq!(places(&report), ["advisory/GO-2021-0113 go.mod"], "{report}");
    assert_eq!(sandbox.read("home/called"), "0 local -mod=readonly -buildvcs=false\n");
}
