//! Programs that look at code and configuration: real ones where they are installed, else stand-ins that print what they
//! would.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::environment::{Sandbox, layer, places};
use crate::tools::{folder_of, with_path};

/// A shell script, a workflow and a module with something wrong in each.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_app();
    std::fs::create_dir(sandbox.path("home")).unwrap();
    sandbox.write("app/bin/clean.sh", "#!/bin/sh\nrm -rf \"$1/\"*\nrm -rf $HERE/*\n");
    sandbox.write(
        "app/.github/workflows/greet.yml",
        "on: issues\npermissions: {}\njobs:\n  greet:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - run: echo \"${{ github.event.issue.title }}\"\n",
    );
    sandbox.write("app/service/load.py", "import pickle\n\n\ndef load(text):\n    return pickle.loads(text)\n");
    sandbox.write(
        "app/.semgrep.yml",
        "rules:\n  - id: loads\n    pattern: pickle.loads(...)\n    message: Loads objects.\n    languages: [python]\n    \
         severity: ERROR\n",
    );
    sandbox
}

/// The findings of one tool that is here, as it is run; `None` where it is not.
fn found_by(tool: &str, sandbox: &Sandbox) -> Option<Vec<String>> {
    let folder = folder_of(tool)?;
    let (report, _) = with_path(sandbox, &folder, &["--only", tool]);
    assert_eq!(layer(&report, tool)["outcome"], "completed", "{report}");
    let all = report["findings"].as_array().unwrap();
    let is_its = |finding: &Value| finding["sources"].as_array().unwrap().iter().any(|source| source["tool"] == tool);
    assert!(all.iter().all(is_its), "{report}");
    Some(places(&report))
}

#[test]
fn each_for_real() {
    for (tool, expected) in [
        ("bandit", "code/insecure-deserialization service/load.py:5"),
        ("shellcheck", "code/unset-variable-in-path bin/clean.sh:3"),
        ("actionlint", "config/workflow-injection .github/workflows/greet.yml:7"),
        ("zizmor", "config/workflow-injection .github/workflows/greet.yml:7"),
        ("opengrep", "code/semgrep/loads service/load.py:5"),
    ] {
        let Some(found) = found_by(tool, &sandbox()) else { continue };
        assert!(found.contains(&expected.to_owned()), "{tool}: {found:?}");
    }
}

#[test]
#[cfg(unix)]
fn what_two_tools_say_of_a_workflow_is_said_once() {
    let (Some(actionlint), Some(zizmor)) = (folder_of("actionlint"), folder_of("zizmor")) else { return };
    let sandbox = sandbox();
    for program in [actionlint.join("actionlint"), zizmor.join("zizmor")] {
        std::fs::create_dir_all(sandbox.path("bin")).unwrap();
        std::os::unix::fs::symlink(&program, sandbox.path("bin").join(program.file_name().unwrap())).unwrap();
    }
    let (report, _) = with_path(&sandbox, &sandbox.path("bin"), &["--only", "actionlint,zizmor"]);
    let all = report["findings"].as_array().unwrap();
    let injections: Vec<&Value> = all.iter().filter(|f| f["rule"] == "config/workflow-injection").collect();
    assert_eq!(injections.len(), 1, "{report}");
    let tools: Vec<&str> =
        injections[0]["sources"].as_array().unwrap().iter().filter_map(|source| source["tool"].as_str()).collect();
    assert_eq!(tools, ["actionlint", "zizmor"]);
}

#[test]
fn a_tool_has_nothing_to_do_without_its_files() {
    let Some(folder) = folder_of("shellcheck") else { return };
    let sandbox = Sandbox::with_app();
    let (report, code) = with_path(&sandbox, &folder, &["--only", "shellcheck"]);
    assert_eq!((layer(&report, "shellcheck")["outcome"].as_str(), code), (Some("skipped"), 0), "{report}");
}

#[test]
fn a_configuration_sends_no_report_elsewhere() {
    let Some(folder) = folder_of("bandit") else { return };
    let sandbox = sandbox();
    let elsewhere = sandbox.path("home/elsewhere").display().to_string();
    sandbox.write("app/.bandit", format!("[bandit]\nformat = txt\noutput = {elsewhere}\nskips = B403\n"));
    let (report, _) = with_path(&sandbox, &folder, &["--only", "bandit"]);
    assert_eq!(layer(&report, "bandit")["outcome"], "completed", "{report}");
    let found = places(&report);
    assert!(found.contains(&"code/insecure-deserialization service/load.py:5".to_owned()), "{found:?}");
    assert!(!found.iter().any(|place| place.contains("B403")), "what the project leaves out stays out: {found:?}");
    assert!(!Path::new(&elsewhere).exists());
}

#[test]
fn checkov_for_real_takes_no_checks_from_the_repository() {
    let Some(folder) = folder_of("checkov") else { return };
    let sandbox = sandbox();
    let ran = sandbox.path("home/ran").display().to_string();
    sandbox.write("app/.checkov.yaml", "external-checks-dir:\n  - checks\n");
    sandbox.write("app/checks/__init__.py", format!("open({ran:?}, 'w').write('x')\n"));
    sandbox.write("app/checks/evil.py", format!("open({ran:?}, 'w').write('x')\n"));
    let (report, _) = with_path(&sandbox, &folder, &["--only", "checkov"]);
    assert_eq!(layer(&report, "checkov")["outcome"], "completed", "{report}");
    let found = places(&report);
    assert!(found.contains(&"config/root-user deploy/Dockerfile:1".to_owned()), "{found:?}");
    assert!(!Path::new(&ran).exists());
}

#[cfg(unix)]
mod stand_ins {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A program that notes its arguments, and writes a recording to where its report belongs.
    fn stand_in(sandbox: &Sandbox, program: &str, recording: &str, code: u8) -> PathBuf {
        let recording = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tools").join(recording);
        let script = format!(
            "#!/bin/sh\necho \"$@\" > {arguments:?}\nout=/dev/stdout\nfor word; do\n  \
             case \"$last\" in --output) out=\"$word\";; esac\n  \
             case \"$word\" in --output=*) out=\"${{word#--output=}}\";; esac\n  last=\"$word\"\ndone\n\
             case \"$*\" in *version*) echo 99.0.0;; *) cat {recording:?} > \"$out\"; exit {code};; esac\n",
            arguments = sandbox.path("home/arguments"),
        );
        let path = sandbox.write(&format!("bin/{program}"), script);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.path("bin")
    }

    /// What a recording is made of, and the arguments that the program got.
    fn run(sandbox: &Sandbox, program: &str, recording: &str, code: u8) -> (Value, String) {
        let folder = stand_in(sandbox, program, recording, code);
        let (report, _) = with_path(sandbox, &folder, &["--only", program, "--no-dedupe"]);
        assert_eq!(layer(&report, program)["outcome"], "completed", "{report}");
        (report, sandbox.read("home/arguments"))
    }

    fn count(report: &Value) -> usize {
        report["findings"].as_array().unwrap().len()
    }

    #[test]
    fn hadolint_is_given_dockerfiles_and_the_project_s_choice_of_rules() {
        let sandbox = sandbox();
        sandbox.write("app/.hadolint.yaml", "ignored: [DL3015]\n");
        let (report, arguments) = run(&sandbox, "hadolint", "hadolint/2.15.1/hadolint.json", 0);
        assert_eq!(count(&report), 9);
        assert!(
            arguments.contains(".hadolint.yaml -- /") && arguments.trim().ends_with("deploy/Dockerfile"),
            "{arguments}"
        );
    }

    #[test]
    fn gosec_runs_without_network_and_another_go() {
        let sandbox = sandbox();
        sandbox.write("app/ledger/main.go", "package main\n");
        let (report, arguments) = run(&sandbox, "gosec", "gosec/2.22.0/gosec.json", 1);
        assert_eq!(count(&report), 3);
        assert!(arguments.trim().ends_with("app/..."), "{arguments}");
        let script = sandbox.read("bin/gosec").replace("cat ", "env > \"$HOME/environment\"; cat ");
        sandbox.write("bin/gosec", script);
        run_again(&sandbox, "gosec");
        let environment = sandbox.read("home/environment");
        assert!(environment.contains("GOPROXY=off") && environment.contains("GOTOOLCHAIN=local"), "{environment}");
    }

    fn run_again(sandbox: &Sandbox, program: &str) {
        let (report, _) = with_path(sandbox, &sandbox.path("bin"), &["--only", program]);
        assert_eq!(layer(&report, program)["outcome"], "completed", "{report}");
    }

    #[test]
    fn brakeman_looks_at_the_application_wherever_it_is() {
        let sandbox = sandbox();
        sandbox.write("app/web/config/application.rb", "module Shop\nend\n");
        let (report, arguments) = run(&sandbox, "brakeman", "brakeman/7.0.0/brakeman.json", 0);
        assert_eq!(count(&report), 3);
        assert!(arguments.trim().ends_with("app/web/"), "{arguments}");
    }

    #[test]
    fn codeql_analyzes_a_database_that_is_there() {
        let sandbox = sandbox();
        sandbox.write("app/db/codeql-database.yml", "primaryLanguage: python\n");
        let (report, arguments) = run(&sandbox, "codeql", "codeql/2.20.0/codeql.sarif", 0);
        assert_eq!(count(&report), 3);
        assert!(arguments.starts_with("database analyze") && arguments.trim().ends_with("app/db"), "{arguments}");
    }
}
