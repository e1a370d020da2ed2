//! Holds the reader to reports of every kind of scan and of every version.

use crate::finding::Kind;
use crate::ingest::testing::{lines, read};

fn report(scan: &str, entry: &str) -> String {
    format!(
        r#"{{"version":"15.0.7","vulnerabilities":[{{"id":"1","category":"{scan}",{entry}}}],"remediations":[],
 "scan":{{"type":"{scan}","scanner":{{"id":"one","name":"One"}},"status":"success"}}}}"#
    )
}

#[test]
fn each_kind_of_scan_has_its_places() {
    let sast = report(
        "sast",
        r#""name":"Weak hash","description":"d","severity":"Medium","confidence":"High","scanner":{"id":"semgrep","name":"Semgrep"},
 "location":{"file":"a.py","start_line":3,"end_line":4,"class":"C","method":"m"},
 "identifiers":[{"type":"semgrep_id","value":"bandit.B303-1","url":"https://semgrep.dev/r/x"},{"type":"bandit_test_id","value":"B303"},{"type":"cwe","value":"327"}]"#,
    );
    let kics = report(
        "sast",
        r#""name":"Open","severity":"High","scanner":{"id":"kics"},"location":{"file":"m.tf","start_line":1},"identifiers":[{"type":"kics_id","value":"x-1"}]"#,
    );
    let dependency = report(
        "dependency_scanning",
        r#""name":"Escape","severity":"Critical","solution":"Upgrade to version 2.10.1 or above.","location":{"file":"Gemfile.lock",
 "dependency":{"package":{"name":"rack"},"version":"1.0"}},"identifiers":[{"type":"gemnasium","value":"aa-bb"},{"type":"cve","value":"CVE-2020-1"}]"#,
    );
    let container = report(
        "container_scanning",
        r#""message":"CVE-2020-2 in musl","severity":"Unknown","cvss_vectors":[],"location":{"image":"r.example:5000/shop/api:1@sha256:ab",
 "operating_system":"alpine:3.10","dependency":{"package":{"name":"musl"},"version":"1.1"}},"identifiers":[{"type":"cve","value":"CVE-2020-2"}]"#,
    );
    let dast = report(
        "dast",
        r#""name":"No header","severity":"Info","location":{"hostname":"https://shop.example:8080","method":"GET","param":"","path":"/login?x=1"},"identifiers":[{"type":"ZAProxy_PluginId","value":"10021"}]"#,
    );
    let expected = [
        (sast, "code/weak-hash medium a.py:3: Weak hash", Kind::Code),
        (kics, "config/kics/x-1 high m.tf:1: Open", Kind::Config),
        (
            dependency,
            "advisory/CVE-2020-1 critical Gemfile.lock pkg:gem/rack@1.0: rack 1.0 is vulnerable: Escape",
            Kind::Advisory,
        ),
        (
            container,
            "advisory/CVE-2020-2 medium image/r.example/shop/api/packages pkg:apk/alpine/musl@1.1: musl 1.1 is vulnerable: CVE-2020-2 in musl",
            Kind::Advisory,
        ),
        (dast, "code/one/10021 info web/shop.example/login: No header", Kind::Code),
    ];
    for (text, line, kind) in expected {
        let said = read(text.clone());
        assert_eq!(lines(&said), [line], "{text}");
        assert!(said.gaps.is_empty() && said.findings[0].kind == kind, "{:?}", said.gaps);
    }
}

#[test]
fn sources_fixes_and_names_are_kept() {
    let said = read(report(
        "dependency_scanning",
        r#""name":"Escape","severity":"High","solution":"Upgrade to versions 1.2.3, 2.0.1 or above.","scanner":{"id":"gemnasium"},
 "location":{"file":"package-lock.json","dependency":{"package":{"name":"@a/b"},"version":"1.0"}},
 "identifiers":[{"type":"gemnasium","value":"aa"},{"type":"ghsa","value":"GHSA-x"},{"type":"cwe","value":"79"}]"#,
    ));
    let found = &said.findings[0];
    assert_eq!((found.sources[0].tool.as_str(), found.sources[0].rule.as_str()), ("gemnasium", "aa"));
    assert_eq!(found.package.as_ref().unwrap().fixed, ["1.2.3", "2.0.1"]);
    assert_eq!((found.rule.id.as_str(), found.rule.cwe.as_slice()), ("advisory/GHSA-x", [79].as_slice()));
}

#[test]
fn a_credential_stays_in_its_secret() {
    let said = read(report(
        "secret_detection",
        r#""name":"Token","description":"sandcastle77","message":"sandcastle77","cve":"a.yml:sandcastle77","severity":"Critical",
 "raw_source_code_extract":"sandcastle77","location":{"file":"a.yml","commit":{"sha":"0000000"},"start_line":1},
 "identifiers":[{"type":"gitleaks_rule_id","value":"token"}]"#,
    ));
    assert_eq!(lines(&said), ["secret/gitlab/token critical a.yml:1: Token"]);
    let found = &said.findings[0];
    assert!(found.secret.is_some() && found.excerpt.is_none() && found.location.commit.is_none());
    assert!(!format!("{:?}{:?}{:?}", found.rule, found.sources, found.remedy).contains("sandcastle77"));
}

#[test]
fn old_lists_and_lists_of_the_api_are_read() {
    let oldest = r#"[{"tool":"find_sec_bugs","message":"Predictable random","url":"https://x.example/","cve":"ab:PREDICTABLE","file":"A.java","line":7,"priority":"High"}]"#;
    assert_eq!(lines(&read(oldest)), ["code/find-sec-bugs/Predictable random high A.java:7: Predictable random"]);
    let list = r#"[{"category":"sast","name":"N","message":"m","cve":"x","severity":"Low","confidence":"Medium","scanner":{"id":"brakeman","name":"Brakeman"},
 "location":{"file":"a.rb","start_line":2},"identifiers":[{"type":"brakeman_warning_code","value":"13"}],"line":2,"file":"a.rb"}]"#;
    assert_eq!(lines(&read(list)), ["code/brakeman/13 low a.rb:2: m"]);
    let api = r#"[{"id":1,"report_type":"dependency_scanning","name":"N","severity":"high","state":"detected","scanner":{"external_id":"gemnasium"},
 "identifiers":[{"external_type":"cve","external_id":"CVE-2020-3"}],"location":{"file":"go.sum","dependency":{"package":{"name":"x/y"},"version":"v1"}}},
 {"id":2,"report_type":"sast","name":"N","severity":"high","state":"dismissed","scanner":{"external_id":"a"},"identifiers":[]}]"#;
    let said = read(api);
    assert_eq!(lines(&said), ["advisory/CVE-2020-3 high go.sum pkg:golang/x/y@v1: x/y v1 is vulnerable: N"]);
}

#[test]
fn clean_and_failed_reports_are_told_apart() {
    let clean = read(r#"{"version":"2.0","vulnerabilities":[],"remediations":[]}"#);
    assert!(clean.gaps.is_empty() && clean.notes == ["`report`: GitLab security report, 0 findings"]);
    let failed = read(
        r#"{"version":"15.0.0","vulnerabilities":[],"scan":{"type":"sast","scanner":{"id":"x"},"status":"failure","messages":[{"level":"fatal","value":"no rules"},{"level":"info","value":"x"}]}}"#,
    );
    assert_eq!(failed.gaps.len(), 1);
    assert_eq!(failed.gaps[0].message, "`report`: the scanner says: no rules");
    let odd = read(
        r#"{"vulnerabilities":[{"scanner":null,"location":null,"identifiers":null,"message":null}],"version":"3"}"#,
    );
    assert_eq!(odd.findings.len(), 1);
}
