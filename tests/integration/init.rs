//! `scanall init`: what it writes works, what is there stays, and nothing leaves the folder.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::environment::{ROOT, Run, Sandbox};
use crate::tools::folder_of;

fn init(sandbox: &Sandbox, args: &[&str]) -> Run {
    Run::of(sandbox.command().arg("init").args(args))
}

/// The files below a folder of the sandbox, sorted.
fn files(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => walk(&entry.path(), root, found),
                false => found.push(entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/")),
            }
        }
    }
    let mut found = Vec::new();
    walk(&sandbox.path(folder), &sandbox.path(folder), &mut found);
    found.sort();
    found
}

/// A sandbox with an empty folder `r`.
fn empty() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("r")).unwrap();
    sandbox
}

const GITHUB: [&str; 3] = [".github/workflows/scanall-nightly.yml", ".github/workflows/scanall.yml", ".scanall.toml"];

#[test]
fn workflows_and_a_configuration_are_written_once() {
    let sandbox = empty();
    let run = init(&sandbox, &["r"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @"
    wrote .github/workflows/scanall.yml: scans pushes, pull requests and merge queues
    wrote .github/workflows/scanall-nightly.yml: scans the whole history each night, with fresh advisories
    wrote .scanall.toml: every setting, commented out
    ");
    assert_eq!(files(&sandbox, "r"), GITHUB);
    let again = init(&sandbox, &["r"]);
    assert_eq!(again.code, 0);
    assert_eq!(again.stdout.matches("is there already").count(), 3, "{}", again.stdout);
}

#[test]
fn what_is_there_is_named_and_left() {
    let sandbox = empty();
    sandbox.write("r/.scanall.toml", "[scan]\n");
    sandbox.write("r/.pre-commit-config.yaml", "repos: []\n");
    sandbox.write("r/.gitlab-ci.yml", "include:\n  - local: /.gitlab/scanall.yml\n");
    let run = init(&sandbox, &["r"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("left .scanall.toml as it is, since it exists"), "{}", run.stdout);
    assert_eq!(sandbox.read("r/.scanall.toml"), "[scan]\n");
    let run = init(&sandbox, &["r", "--pre-commit", "--gitlab"]);
    assert_eq!((run.code, sandbox.read("r/.pre-commit-config.yaml").as_str()), (0, "repos: []\n"));
    assert!(
        run.stdout.contains("add this under `repos:`:\n\n  - repo: https://github.com/scanall/scanall\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("left .gitlab-ci.yml as it is; it names scanall already"), "{}", run.stdout);
}

#[test]
fn showing_writes_nothing() {
    let sandbox = empty();
    let run = init(&sandbox, &["r", "--print"]);
    assert_eq!((run.code, files(&sandbox, "r").len()), (0, 0));
    assert!(run.stdout.starts_with("# .github/workflows/scanall.yml\nname: scanall\n"), "{}", run.stdout);
    let _ = init(&sandbox, &["r"]);
    for name in GITHUB {
        assert!(run.stdout.contains(&format!("# {name}\n{}", sandbox.read(&format!("r/{name}")))), "{name}");
    }
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let sandbox = empty();
    sandbox.write("file", "x");
    sandbox.write("r/.github", "x");
    for folder in ["nowhere", "file", "r"] {
        let run = init(&sandbox, &[folder]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{folder}");
        assert!(run.stderr.starts_with("error: cannot write into `"), "{}", run.stderr);
    }
}

#[test]
#[cfg(unix)]
fn no_link_leads_out() {
    use std::os::unix::fs::symlink;
    let sandbox = empty();
    std::fs::create_dir(sandbox.path("out")).unwrap();
    for (link, target) in [
        ("r/.github", "out"),
        ("r/.gitlab", "nowhere"),
        ("r/.scanall.toml", "out/made"),
        ("r/.gitlab-ci.yml", "secret"),
    ] {
        symlink(sandbox.path(target), sandbox.path(link)).unwrap();
    }
    sandbox.write("secret", "of others");
    let run = init(&sandbox, &["r"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`.github` is a link that leads elsewhere"), "{}", run.stderr);
    assert_eq!(init(&sandbox, &["r", "--gitlab"]).code, 2);
    for link in ["r/.github", "r/.gitlab"] {
        std::fs::remove_file(sandbox.path(link)).unwrap();
    }
    let run = init(&sandbox, &["r", "--gitlab"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("left .scanall.toml as it is") && run.stdout.contains("left .gitlab-ci.yml"),
        "{}",
        run.stdout
    );
    assert_eq!((files(&sandbox, "out").len(), sandbox.read("secret").as_str()), (0, "of others"));
    // A link that stays inside is as good as a folder.
    symlink("elsewhere", sandbox.path("r/.github")).unwrap();
    std::fs::create_dir(sandbox.path("r/elsewhere")).unwrap();
    assert_eq!(init(&sandbox, &["r"]).code, 0);
    assert!(sandbox.read("r/elsewhere/workflows/scanall.yml").contains("merge_group:"));
}

#[test]
fn the_written_configuration_is_taken() {
    let sandbox = empty();
    let _ = init(&sandbox, &["r"]);
    assert_eq!(sandbox.report("r", &[]).1, 0);
}

/// What matters of a workflow.
#[derive(Deserialize)]
struct Workflow {
    on: Value,
    permissions: Value,
    jobs: std::collections::BTreeMap<String, Value>,
}

fn written_workflows() -> (Sandbox, Vec<String>) {
    let sandbox = empty();
    let _ = (init(&sandbox, &["r"]), init(&sandbox, &["r", "--organization"]));
    let found = files(&sandbox, "r").into_iter().filter(|name| name.starts_with(".github/"));
    let names = found.map(|name| format!("r/{name}")).collect();
    (sandbox, names)
}

#[test]
fn workflows_ask_for_little_and_use_this_version() {
    let (sandbox, names) = written_workflows();
    assert_eq!(names.len(), 3);
    for name in names {
        let text = sandbox.read(&name);
        assert!(text.contains(&format!("uses: scanall/scanall@v{} ", env!("CARGO_PKG_VERSION"))), "{name}");
        let workflow: Workflow = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(workflow.permissions, serde_json::json!({}), "{name}");
        let events: Vec<&str> = workflow.on.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: &[&str] = match name.ends_with("/scanall.yml") {
            true => &["merge_group", "pull_request", "push"],
            false => &["schedule", "workflow_dispatch"],
        };
        assert_eq!(events, expected, "{name}");
        for job in workflow.jobs.values() {
            let write = job["permissions"].as_object().into_iter().flatten().filter(|(_, may)| *may == "write");
            assert!(
                write.into_iter().all(|(what, _)| ["security-events", "pull-requests"].contains(&what.as_str())),
                "{name}"
            );
            for step in job["steps"].as_array().unwrap() {
                let Some(uses) = step["uses"].as_str().filter(|uses| uses.starts_with("actions/checkout@")) else {
                    continue;
                };
                assert_eq!(uses.len(), "actions/checkout@".len() + 40);
                assert_eq!(
                    (&step["with"]["fetch-depth"], &step["with"]["persist-credentials"]),
                    (&0.into(), &false.into())
                );
            }
        }
        // What is passed to the action is among its inputs.
        let action: Value =
            serde_saphyr::from_str(&std::fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap()).unwrap();
        let steps = workflow.jobs.values().flat_map(|job| job["steps"].as_array().unwrap());
        for step in steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("scanall/"))) {
            for input in step["with"].as_object().into_iter().flatten() {
                assert!(action["inputs"].get(input.0).is_some(), "{name}: {}", input.0);
            }
        }
    }
}

#[test]
fn zizmor_finds_nothing_in_the_workflows() {
    let (sandbox, names) = written_workflows();
    let Some(folder) = folder_of("zizmor") else { return };
    let mut zizmor = Command::new(folder.join("zizmor"));
    zizmor.args(["--offline", "--pedantic", "--quiet", "--no-progress"]);
    let output = zizmor.args(names.iter().map(|name| sandbox.path(name))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_readme_shows_the_workflows() {
    let (sandbox, names) = written_workflows();
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap().replace("\r\n", "\n");
    for name in names {
        assert!(readme.contains(&format!("```yaml\n{}```\n", sandbox.read(&name))), "the README has another {name}");
    }
    let _ = init(&sandbox, &["r", "--pre-commit"]);
    assert!(readme.contains(&format!("```yaml\n{}```\n", sandbox.read("r/.pre-commit-config.yaml"))));
}

#[test]
#[cfg(unix)]
fn the_gitlab_job_scans_what_a_merge_request_adds() {
    let sandbox = empty();
    assert_eq!(init(&sandbox, &["r", "--gitlab"]).code, 0);
    assert_eq!(files(&sandbox, "r"), [".gitlab-ci.yml", ".gitlab/scanall.yml", ".scanall.toml"]);
    let includes: Value = serde_saphyr::from_str(&sandbox.read("r/.gitlab-ci.yml")).unwrap();
    assert_eq!(includes["include"][0]["local"], ".gitlab/scanall.yml");
    let job: Value = serde_saphyr::from_str(&sandbox.read("r/.gitlab/scanall.yml")).unwrap();
    let job = &job["scanall"];
    let lines: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    // The job's own script, with the executable of these tests in the place of the download.
    let scanall = env!("CARGO_BIN_EXE_scanall");
    let script = format!("set -e\n{}", lines.join("\n"))
        .replace("/tmp/scanall/scanall scan", &format!("'{scanall}' scan --offline"));
    let run = |sandbox: &Sandbox, base: Option<&str>| {
        let mut sh = Command::new("sh");
        sh.args(["-c", &script]).current_dir(sandbox.path("app")).env_clear().env("PATH", "/usr/bin:/bin");
        sh.envs(base.map(|base| ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)));
        Run::of(&mut sh)
    };
    let sandbox = Sandbox::with_app();
    let whole = run(&sandbox, None);
    assert_eq!(whole.code, 1, "{}", whole.stderr);
    let count = |name: &str| sandbox.json(name)["vulnerabilities"].as_array().unwrap().len();
    assert_eq!(count("app/gl-secret-detection-report.json"), 2);
    let head = sandbox.git("app", &["rev-parse", "HEAD"]);
    assert_eq!(run(&sandbox, Some(&head)).code, 1);
    assert_eq!(count("app/gl-secret-detection-report.json"), 1, "nothing of the history");
    // What the job hands over is what the script writes.
    for (kind, file) in job["artifacts"]["reports"].as_object().unwrap() {
        assert!(sandbox.path("app").join(file.as_str().unwrap()).is_file(), "{kind}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_gitlab_job_takes_a_release_only_with_its_checksum() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = empty();
    assert_eq!(init(&sandbox, &["r", "--gitlab"]).code, 0);
    let job: Value = serde_saphyr::from_str(&sandbox.read("r/.gitlab/scanall.yml")).unwrap();
    let job = &job["scanall"];
    let lines: Vec<&str> = job["before_script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let folder = sandbox.path("bin-of-job");
    let script = format!("set -e\n{}", lines.join("\n")).replace("/tmp/scanall", folder.to_str().unwrap());
    // The network is a folder, by the last part of an address.
    sandbox.write("fakes/apk", "#!/bin/sh\n");
    let release = sandbox.path("release");
    sandbox.write(
        "fakes/curl",
        format!("#!/bin/sh\nfor address; do :; done\ncp \"{}/${{address##*/}}\" .\n", release.display()),
    );
    for name in ["apk", "curl"] {
        let path = sandbox.path("fakes").join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let run = |what: &str| {
        let mut sh = Command::new("sh");
        sh.args(["-c", what]).current_dir(sandbox.path("r")).env_clear();
        sh.env("PATH", format!("{}:/usr/bin:/bin", sandbox.path("fakes").display()));
        sh.env("SCANALL_VERSION", job["variables"]["SCANALL_VERSION"].as_str().unwrap());
        sh.env("CI_PROJECT_DIR", sandbox.path("r")).env("RELEASE", &release);
        Run::of(&mut sh)
    };
    assert_ne!(run(&script).code, 0, "there is no release");
    let made = run("set -e
        mkdir -p \"$RELEASE\" && cd \"$RELEASE\" && echo program > scanall
        tar -czf \"scanall-$SCANALL_VERSION-$(uname -m)-unknown-linux-musl.tar.gz\" scanall
        sha256sum scanall-* > SHA256SUMS");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let taken = run(&script);
    assert_eq!(taken.code, 0, "{}{}", taken.stdout, taken.stderr);
    assert_eq!(sandbox.read("bin-of-job/scanall"), "program\n");
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(run("cd \"$RELEASE\" && for file in scanall-*; do echo more >> \"$file\"; done").code, 0);
    assert_ne!(run(&script).code, 0, "the checksum is wrong");
    assert!(!folder.join("scanall").exists());
}
