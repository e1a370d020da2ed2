//! How programs are run, by stand-ins that misbehave: what ends them, what they see, which of them run at all.
#![cfg(unix)]

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, places};
use crate::tools::stand_in;

/// A report of Trivy's shape that says nothing.
const NOTHING: &str = r#"echo '{"SchemaVersion":2,"Results":[]}'"#;
/// One of Semgrep's shape with a finding.
const WEAK: &str = r#"{"results":[{"check_id":"a.weak","path":"service/orders.py","start":{"line":8,"col":12},"end":{"line":8,"col":20},"extra":{"message":"Weak.","severity":"ERROR"}}],"errors":[]}"#;

/// A sandbox with the application, a home and stand-ins.
fn sandbox_with(programs: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_app();
    std::fs::create_dir(sandbox.path("home")).unwrap();
    programs.iter().for_each(|(program, script)| stand_in(&sandbox, program, script));
    sandbox
}

/// Runs in the sandbox, with the stand-ins in front of the system's programs.
fn run(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Run {
    let path = std::env::join_paths([sandbox.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut command = sandbox.command();
    command.args(args).env("PATH", path).env("HOME", sandbox.path("home")).envs(variables.iter().copied());
    Run::of(&mut command)
}

fn scan(sandbox: &Sandbox, args: &[&str]) -> (Value, i32) {
    let run =
        run(sandbox, &[&["scan", "app", "--offline", "--history", "none", "--format", "json"], args].concat(), &[]);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

fn reason(report: &Value, id: &str) -> String {
    layer(report, id)["reason"].as_str().unwrap_or_default().to_owned()
}

fn gap(report: &Value, id: &str) -> String {
    layer(report, id)["gaps"][0]["message"].as_str().unwrap_or_default().to_owned()
}

/// Whether every process whose id is in a file of the home has ended.
#[cfg(target_os = "linux")]
fn are_gone(sandbox: &Sandbox, files: &[&str]) -> bool {
    let start = Instant::now();
    let is_gone = |file: &&str| {
        let id = sandbox.read(&format!("home/{file}"));
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.trim()));
        stat.map_or(true, |stat| stat.contains(") Z "))
    };
    while start.elapsed() < Duration::from_secs(20) {
        if files.iter().all(is_gone) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// What leaves its session, loses its parent and forgets its variables, and waits until its id is written down.
#[cfg(target_os = "linux")]
const DAEMONS: &str = r#"
setsid sh -c 'echo $$ > "$HOME/daemon"; exec sleep 300' </dev/null >/dev/null 2>&1 &
(setsid sh -c 'echo $$ > "$HOME/orphan"; exec sleep 300' &) &
(setsid sh -c 'echo $$ > "$HOME/nameless"; exec env -i sleep 300' &) &
while ! [ -s "$HOME/daemon" ] || ! [ -s "$HOME/orphan" ] || ! [ -s "$HOME/nameless" ]; do sleep 0.01; done
"#;

#[test]
#[cfg(target_os = "linux")]
fn nothing_that_a_program_started_outlives_it() {
    for (end, outcome) in [(NOTHING, "completed"), ("sleep 300", "failed"), ("exit 9", "failed")] {
        let sandbox = sandbox_with(&[("trivy", &format!("{DAEMONS}\n{end}"))]);
        sandbox.write("app/.scanall.toml", "[tools.trivy]\ntimeout = \"2s\"\n");
        let (report, _) = scan(&sandbox, &["--only", "trivy"]);
        assert_eq!(layer(&report, "trivy")["outcome"], outcome, "{report}");
        assert!(are_gone(&sandbox, &["daemon", "orphan", "nameless"]), "{end}");
    }
}

#[test]
fn a_program_that_takes_too_long_is_ended_and_what_it_wrote_is_read() {
    let sandbox = sandbox_with(&[("semgrep", &format!("echo '{WEAK}'; sleep 300"))]);
    sandbox.write("app/.scanall.toml", "[tools.semgrep]\ntimeout = \"2s\"\n");
    let (report, code) = scan(&sandbox, &["--only", "semgrep"]);
    assert_eq!((places(&report), code), (vec!["code/semgrep/weak service/orders.py:8".to_owned()], 3));
    assert!(reason(&report, "semgrep").starts_with("semgrep took more than 2.0 s and was ended"), "{report}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_that_takes_too_much_memory_is_ended() {
    // What holds the memory is a child.
    let sandbox = sandbox_with(&[("trivy", "(head -c 400000000 /dev/zero; sleep 300) | tail -c 300000000 >/dev/null")]);
    sandbox.write("app/.scanall.toml", "[tools.trivy]\nmemory = \"64M\"\n");
    let (report, code) = scan(&sandbox, &["--only", "trivy"]);
    assert_eq!((reason(&report, "trivy").as_str(), code), ("trivy took more than 64 MiB of memory and was ended", 3));
}

#[test]
fn programs_run_side_by_side() {
    // Each waits for the other.
    let wait = |own: &str, other: &str, report: &str| {
        format!(
            "touch \"$HOME/{own}\"; n=0; while ! [ -e \"$HOME/{other}\" ]; do n=$((n+1)); [ $n -gt 3000 ] && exit 9; \
             sleep 0.01; done; {report}"
        )
    };
    let (trivy, semgrep) = (wait("a", "b", NOTHING), wait("b", "a", &format!("echo '{WEAK}'")));
    let sandbox = sandbox_with(&[("trivy", &trivy), ("semgrep", &semgrep)]);
    let (report, _) = scan(&sandbox, &["--only", "trivy,semgrep"]);
    for id in ["trivy", "semgrep"] {
        assert_eq!(layer(&report, id)["outcome"], "completed", "{report}");
    }
}

#[test]
fn a_change_that_brings_the_first_file_for_a_program_is_compared_whole() {
    let report = r#"[{"ident":"template-injection","desc":"d","url":"https://docs.zizmor.sh","determinations":{"confidence":"High","severity":"High","persona":"Regular"},"locations":[{"symbolic":{"key":{"Local":{"given_path":".github/workflows/a.yml"}},"annotation":"a","kind":"Primary"},"concrete":{"location":{"start_point":{"row":0,"column":0},"end_point":{"row":0,"column":2}},"feature":"on","comments":[]}}],"ignored":false}]"#;
    let sandbox = sandbox_with(&[("zizmor", &format!("echo '{report}'"))]);
    sandbox.write("app/.github/workflows/a.yml", "on: push\n");
    let base = ["diff", "HEAD", "--path", "app", "--offline", "--only", "zizmor", "--format", "json"];
    let run = run(&sandbox, &base, &[]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    assert_eq!((places(&report).len(), run.code), (1, 1), "{report}");
    assert_eq!(layer(&report, "zizmor")["gaps"], Value::Array(Vec::new()), "{report}");
}

#[test]
fn variables_pass_to_whom_the_command_line_says() {
    let script = "env >&2; exit 9";
    let sandbox = sandbox_with(&[("trivy", script), ("semgrep", script)]);
    let base = ["scan", "app", "--offline", "--only", "trivy,semgrep", "--format", "json"];
    let sees = |args: &[&str]| {
        let run = run(&sandbox, &[&base[..], args].concat(), &[("A_TOKEN", "very-private")]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        ["trivy", "semgrep"].map(|id| reason(&report, id).contains("very-private"))
    };
    // Only the last lines are told, so the variable is the last.
    stand_in(&sandbox, "trivy", "echo \"$A_TOKEN\" >&2; exit 9");
    stand_in(&sandbox, "semgrep", "echo \"$A_TOKEN\" >&2; exit 9");
    assert_eq!(sees(&[]), [false, false]);
    assert_eq!(sees(&["--pass-env", "A_TOKEN"]), [true, true]);
    assert_eq!(sees(&["--pass-env", "trivy:A_TOKEN"]), [true, false]);
    let wrong = run(&sandbox, &[&base[..], &["--pass-env", "trivi:A_TOKEN"]].concat(), &[]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean `trivy`?"), "{}", wrong.stderr);
}

#[test]
fn the_command_line_names_a_program_and_the_configuration_turns_one_off() {
    let sandbox = sandbox_with(&[("trivy", "exit 9"), ("mine", NOTHING)]);
    let (report, _) = scan(&sandbox, &["--only", "trivy", "--tool-path", "trivy=bin/mine"]);
    assert_eq!(layer(&report, "trivy")["outcome"], "completed", "{report}");
    sandbox.write("app/.scanall.toml", "[tools.trivy]\nenabled = false\n");
    let (report, code) = scan(&sandbox, &[]);
    assert_eq!((reason(&report, "trivy").as_str(), code), ("the configuration has it disabled", 1));
    sandbox.write("app/.scanall.toml", "[tools.trivi]\nenabled = false\n");
    let wrong = run(&sandbox, &["scan", "app", "--offline"], &[]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean `trivy`?"), "{}", wrong.stderr);
    sandbox.write("app/.scanall.toml", "[tools.trivy]\nprogram = \"/bin/sh\"\n");
    assert_eq!(run(&sandbox, &["scan", "app", "--offline"], &[]).code, 2, "a file of the repository names no program");
}

#[test]
fn a_version_that_is_too_old_is_not_run() {
    let sandbox = sandbox_with(&[]);
    stand_in(&sandbox, "trivy", "touch \"$HOME/ran\"");
    let script = sandbox.read("bin/trivy").replace("9.8.7", "Version: 0.53.9");
    std::fs::write(sandbox.path("bin/trivy"), script).unwrap();
    let (report, code) = scan(&sandbox, &["--only", "trivy", "--completeness", "strict"]);
    assert_eq!(gap(&report, "trivy"), "trivy 0.53.9 is too old to be run: 0.54.0 is the oldest that works");
    assert_eq!((code, sandbox.path("home/ran").exists()), (3, false));
}

mod own {
    use super::*;

    const OWN: &str = r#"
[[tool]]
name = "linter"
command = ["linter", "--out", "{report}", "--", "{target}"]
format = "semgrep"
kinds = ["code"]
good = [0, 4]
wanted = ["*.py"]
environment = ["LINTER_HOME"]
"#;

    /// Says what it was called with, and writes its report to a file.
    fn sandbox() -> Sandbox {
        let script = format!("echo \"$# $1 $3 $4 $LINTER_HOME\" > \"$HOME/called\"; echo '{WEAK}' > \"$2\"; exit 4");
        let sandbox = sandbox_with(&[("linter", &script)]);
        sandbox.write("app/.scanall.toml", OWN);
        sandbox
    }

    #[test]
    fn it_runs_only_when_somebody_vouches_for_it() {
        let sandbox = sandbox();
        let (report, code) = scan(&sandbox, &["--only", "linter", "--completeness", "strict"]);
        assert_eq!((places(&report).len(), code), (0, 3));
        assert_eq!(gap(&report, "linter"), "linter is a program that the scanned repository lists, and was not run");
        let hint = layer(&report, "linter")["gaps"][0]["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains("--allow-tools") && !sandbox.path("home/called").exists(), "{hint}");
        let (report, _) = scan(&sandbox, &["--only", "linter", "--config", "app/.scanall.toml"]);
        assert!(gap(&report, "linter").contains("was not run"), "what is in the tree may be anybody's");
        std::fs::copy(sandbox.path("app/.scanall.toml"), sandbox.path("mine.toml")).unwrap();
        for allowed in [&["--allow-tools"][..], &["--config", "mine.toml"]] {
            let (report, code) = scan(&sandbox, &[&["--only", "linter"], allowed].concat());
            assert_eq!((places(&report), code), (vec!["code/semgrep/weak service/orders.py:8".to_owned()], 1));
            let target = sandbox.path("app").canonicalize().unwrap();
            assert_eq!(sandbox.read("home/called").trim(), format!("4 --out -- {}", target.display()));
            std::fs::remove_file(sandbox.path("home/called")).unwrap();
        }
    }

    #[test]
    fn it_is_a_layer_like_the_others() {
        let sandbox = sandbox();
        let (report, _) = scan(&sandbox, &["--skip", "linter", "--allow-tools"]);
        assert_eq!(reason(&report, "linter"), "not asked for");
        std::fs::remove_dir_all(sandbox.path("app/service")).unwrap();
        let (report, _) = scan(&sandbox, &["--allow-tools"]);
        assert_eq!(reason(&report, "linter"), "there is no *.py");
        sandbox.write("app/new.py", "");
        std::fs::remove_file(sandbox.path("bin/linter")).unwrap();
        let (report, code) = scan(&sandbox, &["--allow-tools", "--completeness", "strict", "--only", "linter"]);
        assert_eq!((gap(&report, "linter").as_str(), code), ("linter is not installed", 3));
    }

    #[test]
    fn its_program_is_none_of_the_repository() {
        let sandbox = sandbox();
        std::fs::rename(sandbox.path("bin/linter"), sandbox.path("app/linter")).unwrap();
        for command in ["linter", "./linter", "app/linter", sandbox.path("app/linter").to_str().unwrap()] {
            sandbox.write("app/.scanall.toml", OWN.replace("[\"linter\"", &format!("[\"{command}\"")));
            let (report, _) = scan(&sandbox, &["--only", "linter", "--allow-tools"]);
            assert!(gap(&report, "linter").ends_with("is not installed"), "{command}: {report}");
        }
        // A link out of the repository that leads back into it is one of it, too.
        std::os::unix::fs::symlink(sandbox.path("app/linter"), sandbox.path("bin/linter")).unwrap();
        sandbox.write("app/.scanall.toml", OWN);
        let (report, _) = scan(&sandbox, &["--only", "linter", "--allow-tools"]);
        assert!(gap(&report, "linter").ends_with("is not installed"), "{report}");
        assert!(!sandbox.path("home/called").exists());
    }

    #[test]
    fn what_is_wrong_with_it_is_said() {
        let sandbox = sandbox();
        for (from, to, said) in [
            ("\"linter\"\ncommand", "\"trivy\"\ncommand", "has the name of a layer"),
            ("\"linter\"\ncommand", "\"A b\"\ncommand", "is no name for a [[tool]]"),
            ("\"semgrep\"", "\"semgrap\"", "did you mean `semgrep`?"),
            ("[\"code\"]", "[\"cod\"]", "`cod` is no kind of finding"),
            ("[\"code\"]", "[]", "has no kinds of finding"),
            ("kinds", "program = \"x\"\nkinds", "program"),
        ] {
            sandbox.write("app/.scanall.toml", OWN.replace(from, to));
            let wrong = run(&sandbox, &["scan", "app", "--offline"], &[]);
            assert!(wrong.code == 2 && wrong.stderr.contains(said), "{said}: {}", wrong.stderr);
        }
        sandbox.write("app/.scanall.toml", format!("{OWN}{OWN}"));
        let twice = run(&sandbox, &["scan", "app", "--offline"], &[]);
        assert!(twice.code == 2 && twice.stderr.contains("two [[tool]]"), "{}", twice.stderr);
    }
}

mod absent {
    use super::*;

    #[test]
    fn what_is_not_installed_takes_no_line() {
        let sandbox = sandbox_with(&[]);
        let told = |args: &[&str]| run(&sandbox, &[&["scan", "app", "--offline"], args].concat(), &[]).stdout;
        for format in ["table", "markdown", "sarif", "gitlab-secret", "junit", "csv"] {
            let text = told(&["--format", format]);
            assert!(!text.contains("trivy") && !text.contains("semgrep"), "{format}: {text}");
        }
        let text = told(&["-v"]);
        let line: Vec<&str> = text.lines().filter(|line| line.contains("trivy") || line.contains("semgrep")).collect();
        assert_eq!(line.len(), 1, "{text}");
        assert!(line[0].contains("not here: trivy, semgrep"), "{text}");
        assert!(told(&["--format", "json"]).contains("not installed"));
    }

    #[test]
    fn what_was_named_is_missed() {
        let sandbox = sandbox_with(&[]);
        let run = run(&sandbox, &["scan", "app", "--offline", "--only", "trivy", "--completeness", "strict"], &[]);
        assert_eq!(run.code, 3);
        assert!(run.stdout.contains("trivy was asked for and is not installed"), "{}", run.stdout);
    }
}

mod list {
    use super::*;

    #[test]
    fn people_and_programs_see_what_is_here() {
        let sandbox = sandbox_with(&[("trivy", NOTHING)]);
        sandbox.write("app/.scanall.toml", "[[tool]]\nname = \"mine\"\ncommand = [\"trivy\"]\nkinds = [\"code\"]\n");
        sandbox.write("home/.cache/trivy/db/metadata.json", "{\"Version\":2,\"UpdatedAt\":\"2020-01-01T00:00:00Z\"}");
        let path = std::env::join_paths([sandbox.path("bin")]).unwrap();
        let of = |args: &[&str]| {
            let mut command = sandbox.command();
            command.args(["tools", "app", "--offline"]).args(args).env("PATH", &path);
            Run::of(command.env("HOME", sandbox.path("home")))
        };
        let json = of(&["--json"]);
        let list: Value = serde_json::from_str(&json.stdout).unwrap_or_else(|e| panic!("{e}: {}", json.stderr));
        let tool = |name: &str| list["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == name).unwrap();
        assert_eq!((tool("trivy")["version"].as_str(), tool("trivy")["runs"].as_bool()), (Some("9.8.7"), Some(true)));
        assert_eq!(tool("trivy")["database"]["state"], "present");
        assert!(tool("trivy")["database"]["days"].as_u64().unwrap() > 2000);
        assert_eq!((&tool("semgrep")["program"], &tool("semgrep")["runs"]), (&Value::Null, &false.into()));
        assert!(tool("mine")["reason"].as_str().unwrap().contains("--allow-tools"));
        let vouched: Value = serde_json::from_str(&of(&["--json", "--allow-tools"]).stdout).unwrap();
        let mine = vouched["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == "mine").unwrap();
        assert_eq!(mine["runs"], true, "{mine}");
        let table = of(&[]).stdout;
        let mut settings = crate::environment::stable();
        settings.add_filter("database [0-9,]+ days old", "database [n] days old");
        settings.bind(|| insta::assert_snapshot!("tools", table));
        let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        assert!(line("trivy").contains("9.8.7") && line("trivy").contains("runs"), "{table}");
        assert!(line("semgrep").contains("not installed (pip install semgrep)"), "{table}");
    }

    #[test]
    fn each_real_program_tells_its_version() {
        let sandbox = sandbox_with(&[]);
        let mut command = sandbox.command();
        command.args(["tools", "app", "--offline", "--json"]).env("HOME", sandbox.path("home"));
        let run = Run::of(command.env("PATH", std::env::var_os("PATH").unwrap_or_default()));
        let list: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
        for tool in list["tools"].as_array().unwrap().iter().filter(|tool| !tool["program"].is_null()) {
            assert!(tool["version"].is_string(), "{tool}");
        }
    }
}

mod image {
    use super::*;

    const REPORT: &str = r#"{"SchemaVersion":2,"ArtifactName":"$NAME","ArtifactType":"container_image","Results":[{"Target":"/etc/app/key.pem","Class":"secret","Secrets":[{"RuleID":"private-key","Category":"AsymmetricPrivateKey","Severity":"HIGH","Title":"Private key","StartLine":1,"EndLine":3,"Match":"****"}]}]}"#;

    #[test]
    fn its_findings_stay_at_their_place_from_tag_to_tag() {
        let script = format!(
            "echo \"$*\" >> \"$HOME/called\"; [ \"$1\" = image ] || {{ {NOTHING}; exit 0; }}; \
             for NAME; do :; done; cat <<END\n{REPORT}\nEND\n"
        );
        let sandbox = sandbox_with(&[("trivy", &script)]);
        let found = |name: &str| {
            let (report, _) = scan(&sandbox, &["--image", name, "--only", "trivy"]);
            assert_eq!(layer(&report, "image")["outcome"], "completed", "{report}");
            let finding = &report["findings"][0];
            (finding["location"]["path"].as_str().unwrap().to_owned(), finding["fingerprint"].clone())
        };
        let first = found("registry.test:5000/shop/web:1.2");
        assert_eq!(first.0, "image/registry.test/shop/web/etc/app/key.pem");
        assert_eq!(first, found("registry.test:5000/shop/web@sha256:00"));
        let called = sandbox.read("home/called");
        let line = called.lines().find(|line| line.starts_with("image ")).unwrap();
        assert!(line.contains("--image-src docker,containerd,podman") && line.contains("--skip-db-update"), "{line}");
        assert!(line.ends_with("-- registry.test:5000/shop/web:1.2"), "{line}");
        // Without one nothing is there of it.
        let (report, _) = scan(&sandbox, &[]);
        assert!(report["layers"].as_array().unwrap().iter().all(|layer| layer["layer"] != "image"));
    }

    /// An image as `docker save` writes it, with one layer that holds one file.
    fn saved(name: &str, text: &str) -> Vec<u8> {
        let tar = |files: &[(&str, &[u8])]| {
            let mut tar = tar::Builder::new(Vec::new());
            for (name, bytes) in files {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o644);
                tar.append_data(&mut header, name, *bytes).unwrap();
            }
            tar.into_inner().unwrap()
        };
        let sha256 = |bytes: &[u8]| -> String {
            use sha2::Digest as _;
            sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let layer = tar(&[(name, text.as_bytes())]);
        let config = format!(
            r#"{{"architecture":"amd64","os":"linux","config":{{}},"history":[{{"created_by":"COPY"}}],"rootfs":{{"type":"layers","diff_ids":["sha256:{}"]}}}}"#,
            sha256(&layer)
        );
        let config_name = format!("{}.json", sha256(config.as_bytes()));
        let manifest = format!(r#"[{{"Config":"{config_name}","RepoTags":["shop/web:1.2"],"Layers":["layer.tar"]}}]"#);
        tar(&[(&config_name, config.as_bytes()), ("layer.tar", &layer), ("manifest.json", manifest.as_bytes())])
    }

    #[test]
    fn a_saved_one_by_the_real_trivy() {
        let Some(folder) = crate::tools::folder_of("trivy") else { return };
        let sandbox = sandbox_with(&[]);
        let token = crate::environment::token("image");
        sandbox.write("web.tar", saved("etc/app/settings.env", &format!("GITHUB_TOKEN={token}\n")));
        let mut command = sandbox.command();
        command.args(["scan", "app", "--offline", "--only", "trivy", "--image", "web.tar", "--format", "json"]);
        let path = std::env::join_paths([folder, "/usr/bin".into(), "/bin".into()]).unwrap();
        let run = Run::of(command.env("PATH", path).env("HOME", sandbox.path("home")));
        let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
        let found = places(&report);
        assert!(found.contains(&"secret/trivy/github-pat image/web/etc/app/settings.env:1".to_owned()), "{found:?}");
        assert!(!run.stdout.contains(&token));
    }

    #[test]
    fn it_needs_a_program_and_a_name() {
        let sandbox = sandbox_with(&[]);
        let wrong = run(&sandbox, &["scan", "app", "--offline", "--image", "shop/web"], &[]);
        assert!(wrong.code == 2 && wrong.stderr.contains("neither is installed"), "{}", wrong.stderr);
        let wrong = run(&sandbox, &["scan", "app", "--offline", "--image=--debug"], &[]);
        assert!(wrong.code == 2 && wrong.stderr.contains("is no name of an image"), "{}", wrong.stderr);
    }
}
