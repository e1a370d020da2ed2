//! `scanall sarif` tells what GitHub would not take of files of other tools, and repairs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::environment::{ROOT, Run, Sandbox};
use crate::sarif::schema;

/// Recorded logs; `fixtures/README.md` says of which tools.
const RECORDED: [&str; 5] = ["checkov", "gitleaks", "semgrep", "trivy", "zizmor"];

fn recorded(tool: &str) -> PathBuf {
    Path::new(ROOT).join(format!("fixtures/sarif/{tool}.sarif"))
}

fn sarif<A: AsRef<std::ffi::OsStr>>(sandbox: &Sandbox, args: impl IntoIterator<Item = A>) -> Run {
    Run::of(sandbox.command().arg("sarif").args(args))
}

/// Holds a file to the schema, to `scanall sarif check`, and to the errors and warnings of Microsoft's validator where
/// there is one.
fn hold(sandbox: &Sandbox, name: &str) -> Value {
    let log = sandbox.json(name);
    let problems: Vec<String> = schema().iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
    let run = sarif(sandbox, ["check", name]);
    assert_eq!((run.code, run.stdout.contains("nothing to object to")), (0, true), "{}", run.stdout);
    if let Some(script) = std::env::var_os("SCANALL_SARIF_VALIDATOR") {
        let output = Command::new("bash").arg(script).arg(sandbox.path(name)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(name) && !said.contains(" error ") && !said.contains(" warning "), "{said}");
    }
    log
}

/// The results of a log as rule, file and line, sorted.
fn results(log: &Value) -> Vec<(String, String, u64)> {
    let runs = log["runs"].as_array().unwrap();
    let results = runs.iter().flat_map(|run| run["results"].as_array().unwrap());
    let mut all: Vec<_> = results
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap().to_owned();
            (result["ruleId"].as_str().unwrap().to_owned(), uri, place["region"]["startLine"].as_u64().unwrap())
        })
        .collect();
    all.sort();
    all
}

const BROKEN: &str = r#"{
  "version": "2.1.0",
  "runs": [
    {
      "tool": {"driver": {"name": "mine\u001b[2J", "rules": [
        {"id": "a", "properties": {"security-severity": "HIGH"}}
      ]}},
      "results": [
        {"ruleId": "a", "message": {"text": "One"}, "locations": [
          {"physicalLocation": {"artifactLocation": {"uri": "src/my file.py"}, "region": {"startLine": 3}}}]},
        {"ruleId": "a", "message": {"text": "Two"}, "locations": [
          {"physicalLocation": {"artifactLocation": {"uri": "git:src/b.py"}, "region": {"startLine": 9, "endLine": 2}}}]},
        {"ruleId": "b", "message": {"text": "Three"}, "suppressions": [{"kind": "inSource"}]}
      ]
    },
    {"tool": {"driver": {"name": "mine\u001b[2J"}}, "results": []}
  ]
}"#;

#[test]
fn check_tells_what_is_wrong_and_what_to_do() {
    let sandbox = Sandbox::new();
    sandbox.write("mine.sarif", BROKEN);
    let run = sarif(&sandbox, ["check", "mine.sarif"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert!(!run.stdout.contains('\u{1b}'), "nothing of a log drives the terminal");
    insta::assert_snapshot!("sarif_check", run.stdout);
}

#[test]
fn check_tells_programs_the_same() {
    let sandbox = Sandbox::new();
    sandbox.write("mine.sarif", BROKEN);
    let run = sarif(&sandbox, ["check", "mine.sarif", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &report["schema"], &report["profile"]), (1, &json!(1), &json!("github")));
    let defects = report["defects"].as_array().unwrap();
    let severity = defects.iter().find(|defect| defect["code"] == "severity-number").unwrap();
    assert_eq!(severity["pointer"], "/runs/0/tool/driver/rules/0/properties/security-severity");
    assert_eq!(severity["effect"], "refused");
    let total: u64 = report["counts"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(total, defects.len() as u64);
    let plain = sarif(&sandbox, ["check", "mine.sarif", "--profile", "plain"]);
    assert!(plain.stdout.contains("region") && !plain.stdout.contains("severity"), "{}", plain.stdout);
}

#[test]
fn fix_leaves_nothing_to_object_to() {
    let sandbox = Sandbox::new();
    sandbox.write("mine.sarif", BROKEN);
    let run = sarif(&sandbox, ["fix", "mine.sarif", "-o", "fixed.sarif"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!("sarif_fix", run.stdout);
    let log = hold(&sandbox, "fixed.sarif");
    let expected = [("a", "src/b.py", 9), ("a", "src/my%20file.py", 3)];
    assert_eq!(results(&log), expected.map(|(rule, uri, line)| (rule.to_owned(), uri.to_owned(), line)));
    assert_eq!(sarif(&sandbox, ["fix", "fixed.sarif", "-o", "again.sarif"]).code, 0);
    assert_eq!(sandbox.read("again.sarif"), sandbox.read("fixed.sarif"));
}

#[test]
fn logs_of_real_tools_are_merged_without_loss_and_in_any_order() {
    let sandbox = Sandbox::with_app();
    let mut expected = Vec::new();
    for tool in RECORDED {
        let out = format!("{tool}.sarif");
        let file = recorded(tool);
        let run = sarif(&sandbox, [Path::new("fix"), &file, Path::new("-o"), Path::new(&out)]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let log: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let fixed = hold(&sandbox, &out);
        assert_eq!(results(&fixed), results(&log), "{tool}");
        expected.extend(results(&log));
    }
    expected.sort();
    let merge = |tools: &mut dyn Iterator<Item = &&str>, out: &str| {
        let files = tools.map(|tool| recorded(tool).into_os_string());
        let args = ["merge".into()].into_iter().chain(files).chain(["-o", out, "--root", "app"].map(Into::into));
        let run = sarif(&sandbox, args);
        assert_eq!(run.code, 0, "{}", run.stderr);
    };
    merge(&mut RECORDED.iter(), "one.sarif");
    merge(&mut RECORDED.iter().rev(), "other.sarif");
    assert_eq!(sandbox.read("one.sarif"), sandbox.read("other.sarif"));
    let log = hold(&sandbox, "one.sarif");
    assert_eq!(results(&log), expected);
    let runs = log["runs"].as_array().unwrap();
    let categories: Vec<_> = runs.iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
    assert_eq!(categories, ["checkov/", "semgrep-oss/", "trivy/", "gitleaks/", "zizmor/"]);
}

#[test]
fn a_checkout_gives_line_hashes_and_what_links_lead_to() {
    let sandbox = Sandbox::new();
    sandbox.write("r/src/my file.py", "a\nb\nc\nd\n");
    sandbox.write("outside.py", "secret\n");
    #[cfg(unix)]
    {
        std::fs::create_dir_all(sandbox.path("r/src")).unwrap();
        std::os::unix::fs::symlink("my file.py", sandbox.path("r/src/link.py")).unwrap();
        std::os::unix::fs::symlink(sandbox.path("outside.py"), sandbox.path("r/out.py")).unwrap();
    }
    let place = |uri: &str| {
        json!({ "ruleId": "a", "message": { "text": "x" }, "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri }, "region": { "startLine": 1 } } }] })
    };
    let absolute = format!("file://{}/src/my%20file.py", sandbox.path("r").canonicalize().unwrap().display());
    let links = if cfg!(unix) { vec![place("src/link.py"), place("out.py")] } else { Vec::new() };
    let all: Vec<Value> = [place("src/my%20file.py"), place(&absolute)].into_iter().chain(links).collect();
    let log = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "t" } }, "results": all }] });
    sandbox.write("t.sarif", log.to_string());
    let run = sarif(&sandbox, ["check", "t.sarif", "--root", "r"]);
    assert!(run.stdout.contains("absolute-path") && (run.stdout.contains("symlink") || !cfg!(unix)), "{}", run.stdout);
    assert_eq!(sarif(&sandbox, ["fix", "t.sarif", "-o", "f.sarif", "--root", "r"]).code, 0);
    let log = hold(&sandbox, "f.sarif");
    let hash = scanall_sarif::line_hashes(b"a\nb\nc\nd\n").line(1).unwrap().to_string();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        let given = result["partialFingerprints"]["primaryLocationLineHash"].as_str();
        assert_eq!(given, (uri == "src/my%20file.py").then_some(hash.as_str()), "{uri}");
    }
}

#[test]
fn more_than_one_upload_holds_becomes_several_files() {
    let sandbox = Sandbox::new();
    let run = |n: usize| json!({ "tool": { "driver": { "name": "t" } }, "automationDetails": { "id": format!("{n}/") }, "results": [] });
    let log = json!({ "version": "2.1.0", "runs": (0..21).map(run).collect::<Vec<_>>() });
    sandbox.write("many.sarif", log.to_string());
    assert_eq!(sarif(&sandbox, ["check", "many.sarif"]).code, 1);
    let split = sarif(&sandbox, ["split", "many.sarif", "-o", "part"]);
    assert!(split.code == 0 && split.stdout.contains("wrote part-2.sarif: 1 run, 0 results"), "{}", split.stdout);
    let merged = sarif(&sandbox, ["merge", "many.sarif", "-o", "out.sarif"]);
    assert!(merged.stdout.contains("upload each of the 2 files") && !sandbox.path("out.sarif").exists());
    for (one, other) in [("part-1.sarif", "out-1.sarif"), ("part-2.sarif", "out-2.sarif")] {
        hold(&sandbox, one);
        assert_eq!(sandbox.read(one), sandbox.read(other));
    }
}

#[test]
fn what_is_no_sarif_is_said_in_a_sentence() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.sarif", "");
    sandbox.write("half.sarif", "{\"runs\": [");
    sandbox.write("list.sarif", "[]");
    for (file, said) in [
        ("nowhere.sarif", "cannot read `nowhere.sarif`"),
        ("empty.sarif", "empty.sarif is empty"),
        ("half.sarif", "is no JSON that can be read"),
        ("list.sarif", "a log is an object"),
        (".", "cannot read `.`"),
    ] {
        for args in [vec!["check", file], vec!["fix", file, "-o", "out.sarif"]] {
            let run = sarif(&sandbox, &args);
            assert!(run.code == 2 && run.stderr.contains(said), "{args:?}: {}", run.stderr);
        }
    }
    assert!(!sandbox.path("out.sarif").exists());
    sandbox.write("ok.sarif", "{}");
    let run = sarif(&sandbox, ["fix", "ok.sarif", "-o", "out.sarif", "--root", "nowhere"]);
    assert!(run.code == 2 && run.stderr.contains("cannot enter `nowhere`"), "{}", run.stderr);
}
