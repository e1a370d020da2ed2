//! External programs: the real ones where they are installed, and stand-ins that misbehave.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, places};

/// The folder of a program on the PATH of the machine. Where it is missing the test says so and is skipped, unless
/// `SCANALL_REQUIRE_TOOLS` names it, as in CI: a list with commas.
pub(crate) fn folder_of(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).find(|folder| folder.join(program).is_file());
    if found.is_none() {
        let required = std::env::var("SCANALL_REQUIRE_TOOLS").unwrap_or_default();
        assert!(!required.split(',').any(|name| name == program), "{program} is required here and not installed");
        eprintln!("skipped: {program} is not installed");
    }
    found
}

/// Runs with a PATH of the given folder and the system's own, which the tools' interpreters need.
pub(crate) fn with_path(sandbox: &Sandbox, folder: &std::path::Path, args: &[&str]) -> (Value, i32) {
    let path = std::env::join_paths([folder.to_owned(), "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command
        .args(["app", "--offline", "--format", "json"])
        .args(args)
        .env("PATH", path)
        .env("HOME", sandbox.path("home"));
    let run = Run::of(&mut command);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

#[test]
fn trivy_for_real() {
    let Some(folder) = folder_of("trivy") else { return };
    let sandbox = Sandbox::with_app();
    let (report, code) = with_path(&sandbox, &folder, &["--only", "trivy,secrets"]);
    assert_eq!(code, 1, "{report}");
    let found = places(&report);
    assert!(found.iter().any(|place| place.starts_with("config/") && place.contains("deploy/Dockerfile")), "{found:?}");
    let token = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "secret/github-pat").unwrap();
    let tools: Vec<&str> = token["sources"].as_array().unwrap().iter().map(|s| s["tool"].as_str().unwrap()).collect();
    assert_eq!(tools, ["scanall", "trivy"], "one finding for what both found");
    assert_eq!(layer(&report, "trivy")["outcome"], "completed");
}

#[test]
fn without_joining_everybody_has_a_finding() {
    let Some(folder) = folder_of("trivy") else { return };
    let sandbox = Sandbox::with_app();
    let (joined, _) = with_path(&sandbox, &folder, &["--only", "trivy,secrets"]);
    let (apart, code) = with_path(&sandbox, &folder, &["--only", "trivy,secrets", "--no-dedupe"]);
    assert_eq!(code, 1, "{apart}");
    let findings = |report: &Value| -> Vec<Value> {
        let accepted = report["suppressed"].as_array().unwrap().iter().map(|entry| entry["finding"].clone());
        report["findings"].as_array().unwrap().iter().cloned().chain(accepted).collect()
    };
    let told = |finding: &Value| finding["sources"].as_array().unwrap().clone();
    let sources = |report: &Value| -> BTreeSet<String> {
        findings(report).iter().flat_map(told).map(|source| source.to_string()).collect()
    };
    assert_eq!(sources(&joined), sources(&apart), "nothing that a tool said is lost");
    assert!(findings(&apart).len() > findings(&joined).len());
    assert!(findings(&apart).iter().all(|finding| told(finding).len() == 1));
    assert!(findings(&joined).iter().any(|finding| told(finding).len() == 2));
}

#[test]
fn the_table_tells_who_else_says_so() {
    let Some(folder) = folder_of("trivy") else { return };
    let sandbox = Sandbox::with_app();
    let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(["app", "--offline", "--only", "trivy,secrets", "-v", "-o", "markdown=out.md"]);
    let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")));
    assert!(run.stdout.contains("also by trivy"), "{}", run.stdout);
    assert!(run.stdout.contains("severity critical stated by"), "{}", run.stdout);
    assert!(sandbox.read("out.md").contains("<br>also by trivy"));
}

#[test]
fn semgrep_for_real() {
    let Some(folder) = folder_of("semgrep") else { return };
    let sandbox = Sandbox::with_app();
    let (report, code) = with_path(&sandbox, &folder, &["--only", "semgrep"]);
    assert_eq!((places(&report), code), (vec!["code/semgrep/shell-from-text service/orders.py:8".to_owned()], 1));
    let finding = &report["findings"][0];
    assert_eq!((finding["severity"].as_str(), finding["confidence"].as_str()), (Some("high"), Some("high")));
    assert!(finding["excerpt"].as_str().unwrap().contains("shell=True"));
}

#[test]
fn zizmor_for_real() {
    let Some(folder) = folder_of("zizmor") else { return };
    let sandbox = Sandbox::with_app();
    let (report, _) = with_path(&sandbox, &folder, &["--only", "zizmor"]);
    assert!(layer(&report, "zizmor")["reason"].as_str().unwrap().starts_with("there is no .github/workflows/*.yml"));
    let workflow = "on: pull_request_target\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n";
    sandbox.write("app/.github/workflows/build.yml", workflow);
    let (report, code) = with_path(&sandbox, &folder, &["--only", "zizmor"]);
    let found = places(&report);
    let injection = "config/workflow-injection .github/workflows/build.yml:6";
    assert_eq!((found.contains(&injection.to_owned()), code), (true, 1), "{found:?}");
    assert_eq!(layer(&report, "zizmor")["outcome"], "completed");
}

#[test]
fn a_change_is_compared_by_real_tools() {
    let (Some(trivy), Some(semgrep)) = (folder_of("trivy"), folder_of("semgrep")) else { return };
    let sandbox = Sandbox::with_app();
    let path = std::env::join_paths([trivy, semgrep, "/usr/bin".into(), "/bin".into()]).unwrap();
    // A weakness on another line and in a renamed file, and a new one of each kind.
    let orders = sandbox.read("app/service/orders.py");
    sandbox.write("app/service/orders.py", format!("\n\n{orders}"));
    sandbox.git("app", &["mv", "service/orders.py", "service/purchases.py"]);
    sandbox.write("app/tool.py", "import subprocess\n\ndef f(x):\n    subprocess.check_output(x, shell=True)\n");
    sandbox.write("app/other/Dockerfile", sandbox.read("app/deploy/Dockerfile"));
    std::fs::create_dir(sandbox.path("tmp")).unwrap();
    let mut command = sandbox.command();
    command.current_dir(sandbox.path("app")).env("PATH", path).env("HOME", sandbox.path("home"));
    command.env("TMPDIR", sandbox.path("tmp"));
    let run = Run::of(command.args(["diff", "HEAD", "--offline", "--only", "trivy,semgrep", "--format", "json"]));
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    assert_eq!(run.code, 1, "{report}");
    let found = places(&report);
    assert!(found.contains(&"code/semgrep/shell-from-text tool.py:4".to_owned()), "{found:?}");
    assert!(found.iter().all(|place| place.contains("tool.py") || place.contains("other/Dockerfile")), "{found:?}");
    assert!(found.iter().any(|place| place.contains("other/Dockerfile")), "{found:?}");
    let change = &report["change"];
    assert_eq!(change["moved"][0]["location"]["path"], "service/purchases.py");
    assert_eq!(change["fixed"], Value::Array(Vec::new()));
    assert!(change["unchanged"].as_u64().unwrap() > 0);
    // The tools themselves are not as tidy.
    let left = std::fs::read_dir(sandbox.path("tmp")).unwrap().map(|entry| entry.unwrap().file_name());
    let ours: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("scanall-")).collect();
    assert!(ours.is_empty(), "{ours:?}");
}

#[test]
fn every_kind_of_finding_is_in_every_format() {
    let (Some(trivy), Some(semgrep)) = (folder_of("trivy"), folder_of("semgrep")) else { return };
    let sandbox = Sandbox::with_app();
    let path = std::env::join_paths([trivy, semgrep, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(["app", "--offline", "-o", "json=out.json", "-o", "sarif=out.sarif"]);
    let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = sandbox.json("out.json");
    let has = |kind: &str| report["findings"].as_array().unwrap().iter().any(|finding| finding["kind"] == kind);
    let log = crate::sarif::hold(&sandbox, "out.sarif");
    for (kind, category, word) in [
        ("secret", "scanall/secrets/", "secret/github-pat"),
        ("advisory", "scanall/dependencies/", "advisory/RUSTSEC-2021-0003"),
        ("license", "scanall/licenses/", "license/gpl-3.0-only"),
        ("code", "scanall/code/", "code/semgrep/shell-from-text"),
        ("config", "scanall/config/", "config/"),
    ] {
        assert!(has(kind) && run.stdout.contains(word), "{kind}");
        let run =
            log["runs"].as_array().unwrap().iter().find(|run| run["automationDetails"]["id"] == category).unwrap();
        assert!(!run["results"].as_array().unwrap().is_empty(), "{kind}");
    }
}

#[test]
fn a_missing_tool_is_a_visible_skip() {
    let (report, code) = Sandbox::with_app().report("app", &["--only", "trivy,semgrep"]);
    assert_eq!(code, 0);
    for id in ["trivy", "semgrep"] {
        assert_eq!(layer(&report, id)["outcome"], "skipped");
        assert!(layer(&report, id)["reason"].as_str().unwrap().starts_with("not installed"));
    }
}

/// Puts a program in place of a tool into `bin`, of a version that is new enough.
#[cfg(unix)]
pub(crate) fn stand_in(sandbox: &Sandbox, program: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let version = "[ \"$1\" = --version ] && { echo 9.8.7; exit 0; }";
    let path = sandbox.write(&format!("bin/{program}"), format!("#!/bin/sh\n{version}\n{script}\n"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
mod stand_ins {
    use std::time::{Duration, Instant};

    use super::*;

    fn sandbox_with(program: &str, script: &str) -> Sandbox {
        let sandbox = Sandbox::with_app();
        stand_in(&sandbox, program, script);
        sandbox
    }

    fn run(program: &str, script: &str) -> (Value, i32) {
        let sandbox = sandbox_with(program, script);
        with_path(&sandbox, &sandbox.path("bin"), &[])
    }

    const NATIVE: usize = 5;

    #[test]
    fn rubbish_is_a_failure_that_hides_nothing() {
        let (report, code) = run("trivy", "echo this is no JSON");
        assert_eq!((places(&report).len(), code), (NATIVE, 3));
        assert_eq!(layer(&report, "trivy")["outcome"], "failed");
        assert!(layer(&report, "trivy")["reason"].as_str().unwrap().contains("report of trivy cannot be read"));
    }

    #[test]
    fn a_tool_that_dies_tells_its_last_words() {
        let (report, code) = run("semgrep", "echo 'no memory left' >&2; exit 2");
        assert_eq!((places(&report).len(), code), (NATIVE, 3));
        let reason = layer(&report, "semgrep")["reason"].as_str().unwrap();
        assert_eq!(reason, "semgrep failed with exit code 2 (it could not go on): no memory left");
    }

    #[test]
    fn what_a_failed_tool_had_found_stays() {
        let report = r#"{"results":[{"check_id":"a.b.weak","path":"service/orders.py","start":{"line":8,"col":12},"end":{"line":8,"col":20},"extra":{"message":"Weak.","severity":"WARNING"}}],"errors":[]}"#;
        let (report, code) = run("semgrep", &format!("echo '{report}'; exit 7"));
        assert_eq!((places(&report).len(), code), (NATIVE + 1, 3));
        assert!(places(&report).contains(&"code/semgrep/weak service/orders.py:8".to_owned()));
    }

    #[test]
    fn no_token_of_the_environment_reaches_a_tool() {
        let sandbox = sandbox_with("trivy", "env >&2; exit 9");
        let path = std::env::join_paths([sandbox.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap();
        let mut command = sandbox.command();
        command.args(["app", "--offline", "--only", "trivy", "--format", "json"]).env("PATH", path);
        command.env("GITHUB_TOKEN", "very-private").env("LANG", "C.UTF-8");
        let run = Run::of(&mut command);
        assert_eq!(run.code, 3);
        assert!(!run.stdout.contains("very-private") && !run.stdout.contains("GITHUB_TOKEN"));
    }

    fn compare(sandbox: &Sandbox, folder: PathBuf) -> (Value, i32) {
        let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
        let mut command = sandbox.command();
        command.current_dir(sandbox.path("app")).env("PATH", path).env("HOME", sandbox.path("home"));
        let run = Run::of(command.args(["diff", "HEAD", "HEAD", "--offline", "--only", "trivy", "--format", "json"]));
        (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr)), run.code)
    }

    #[test]
    fn what_fails_for_base_alone_makes_a_comparison_incomplete() {
        // The first run is that of HEAD.
        let report = r#"{"SchemaVersion":2,"Results":[{"Target":"deploy/Dockerfile","Misconfigurations":[{"ID":"DS001","Title":"Weak","Severity":"HIGH","Status":"FAIL"}]}]}"#;
        let script =
            format!("if mkdir \"$HOME\" 2>/dev/null; then echo '{report}'; else echo 'no memory left' >&2; exit 2; fi");
        let sandbox = sandbox_with("trivy", &script);
        let (report, code) = compare(&sandbox, sandbox.path("bin"));
        assert_eq!((places(&report), code), (vec!["config/trivy/DS001 deploy/Dockerfile".to_owned()], 3));
        let gap = &layer(&report, "trivy")["gaps"][0]["message"];
        assert!(
            gap.as_str().unwrap().starts_with("base: the layer failed (trivy failed with exit code 2: no memory left")
        );
        // Where it works for both there is nothing new.
        let sandbox = sandbox_with("trivy", &script.replace("if mkdir \"$HOME\" 2>/dev/null", "if true"));
        let (report, code) = compare(&sandbox, sandbox.path("bin"));
        assert_eq!((places(&report).len(), code, &report["change"]["unchanged"]), (0, 0, &1.into()));
    }

    #[test]
    fn a_program_of_the_repository_is_not_run_for_its_other_versions() {
        let sandbox = sandbox_with("trivy", "touch \"$HOME/../ran\"; exit 0");
        std::fs::create_dir(sandbox.path("home")).unwrap();
        std::fs::rename(sandbox.path("bin"), sandbox.path("app/bin")).unwrap();
        let (report, _) = compare(&sandbox, sandbox.path("app/bin"));
        assert_eq!(layer(&report, "trivy")["outcome"], "skipped");
        assert!(!sandbox.path("ran").exists());
    }

    #[test]
    fn a_program_inside_the_target_is_not_run() {
        let sandbox = sandbox_with("trivy", "touch ran; exit 0");
        std::fs::rename(sandbox.path("bin"), sandbox.path("app/bin")).unwrap();
        let (report, _) = with_path(&sandbox, &sandbox.path("app/bin"), &["--only", "trivy"]);
        assert_eq!(layer(&report, "trivy")["outcome"], "skipped");
    }

    #[test]
    fn an_interrupt_ends_the_tool_and_its_children_and_keeps_what_is_there() {
        let sandbox = sandbox_with("trivy", "(sleep 300 & echo $! > \"$HOME/child\"; wait) ; wait");
        std::fs::create_dir(sandbox.path("home")).unwrap();
        let path = std::env::join_paths([sandbox.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap();
        let mut command = sandbox.command();
        command.args(["app", "--offline", "--format", "json"]).env("PATH", path).env("HOME", sandbox.path("home"));
        let start = Instant::now();
        let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let wait_for = |condition: &dyn Fn() -> bool| {
            while !condition() && start.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(20));
            }
            condition()
        };
        let pid_file = sandbox.path("home/child");
        assert!(wait_for(&|| std::fs::read_to_string(&pid_file).is_ok_and(|text| text.ends_with('\n'))));
        let grandchild = std::fs::read_to_string(&pid_file).unwrap().trim().to_owned();
        let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        // The layers that need no time have ended; the secrets layer may have been interrupted too.
        assert!(places(&report).len() >= 3, "{report}");
        assert!(layer(&report, "trivy")["reason"].as_str().unwrap().contains("interrupted"));
        let state = format!("/proc/{grandchild}/stat");
        let gone = || std::fs::read_to_string(&state).map_or(true, |stat| stat.contains(") Z "));
        assert!(wait_for(&gone), "the grandchild outlived the run");
    }
}
