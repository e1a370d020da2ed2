use crate::ingest::testing::{lines, read};

#[test]
fn rules_of_extensions_scores_and_places_of_bases() {
    let said = read(
        r#"{"version":"2.1.0","runs":[{"results":[
 {"ruleId":"py/sqli","rule":{"id":"py/sqli","index":0,"toolComponent":{"index":0}},"message":{"text":"Query depends on [input](1)."},
  "locations":[{"physicalLocation":{"artifactLocation":{"uri":"app/db.py","uriBaseId":"%SRCROOT%"},"region":{"startLine":7,"startColumn":5,"endColumn":9}}}]},
 {"ruleId":"py/sqli","message":{"text":"x"},"suppressions":[{"kind":"inSource"}],"locations":[]},
 {"ruleId":"other","kind":"pass","message":{"text":"fine"}},
 {"ruleId":"other","level":"note","message":{"text":"Nowhere"},"locations":[{"logicalLocations":[{"fullyQualifiedName":"a.b.C"}]}]}],
 "tool":{"driver":{"name":"CodeQL"},"extensions":[{"name":"q","rules":[{"id":"py/sqli","shortDescription":{"text":"SQL query from user input"},"properties":{"security-severity":"8.8","precision":"high","tags":["external/cwe/cwe-089"]}}]}]},
 "originalUriBaseIds":{"%SRCROOT%":{"uri":"file:///home/runner/work/shop/shop/"}}}]}"#,
    );
    assert_eq!(
        lines(&said),
        [
            "code/codeql/py/sqli high app/db.py:7: Query depends on input.",
            "code/codeql/other low codeql/a.b.C: Nowhere",
        ]
    );
    assert_eq!(said.findings[0].rule.cwe, [89]);
    assert_eq!(said.gaps, []);
    assert!(said.notes.iter().any(|note| note.contains("1 result of CodeQL suppressed")), "{:?}", said.notes);
}

#[test]
fn words_in_the_place_of_scores_are_words() {
    let severities = [
        (r#""security-severity":"HIGH""#, "high"),
        (r#""security-severity":9.8"#, "critical"),
        (r#""security-severity":null"#, "medium"),
        (r#""security-severity":"undefined""#, "medium"),
        (r#""security-severity":"0.0","severity":"low""#, "low"),
    ];
    for (property, severity) in severities {
        let said = read(format!(
            r#"{{"$schema":"x","version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"T","rules":[{{"id":"R","properties":{{{property}}}}}]}}}},"results":[{{"ruleId":"R","message":{{"text":"m"}}}}]}}]}}"#
        ));
        assert_eq!(lines(&said), [format!("code/t/R {severity} t: m")], "{property}");
    }
}

#[test]
fn credentials_in_snippets_stay_inside() {
    let value = format!("ghp_{}", "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX");
    let said = read(format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"gitleaks","rules":[{{"id":"github-pat","shortDescription":{{"text":"{value}"}}}}]}}}},"results":[{{"ruleId":"github-pat","message":{{"text":"found {value}"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"a b.py"}},"region":{{"startLine":1,"snippet":{{"text":"{value}"}}}}}}}}],"partialFingerprints":{{"commitSha":"0123456789abcdef0123456789abcdef01234567"}}}}]}}]}}"#
    ));
    let finding = &said.findings[0];
    let shown = format!("{} {:?} {} {:?}", finding.message, finding.rule, finding.location, finding.excerpt);
    assert!(!shown.contains(&value) && finding.secret.is_some(), "{shown}");
    assert!(finding.location.commit.is_some());
}

#[test]
fn advisories_of_several_producers() {
    let of = |tool: &str, id: &str, message: &str| {
        let said = read(format!(
            r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"{tool}"}}}},"results":[{{"ruleId":"{id}","level":"error","message":{{"text":"{message}"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"x/package-lock.json"}}}}}}]}}]}}]}}"#
        ));
        lines(&said).remove(0)
    };
    let trivy = "Package: a\\nInstalled Version: 1.0\\nVulnerability CVE-2021-1\\nSeverity: HIGH\\nFixed Version: 1.1\\nLink: [CVE-2021-1](https://x)";
    assert!(
        of("Trivy", "CVE-2021-1", trivy).contains("advisory/CVE-2021-1 high x/package-lock.json pkg:generic/a@1.0")
    );
    let grype = "A high vulnerability in npm package: a, version 1.0 was found at: /x/package-lock.json";
    assert!(of("grype", "CVE-2021-1-a", grype).contains("advisory/CVE-2021-1 high x/package-lock.json pkg:npm/a@1.0"));
    let osv = "Package 'a@1.0' is vulnerable to 'CVE-2021-1' (also known as 'GHSA-aaaa-bbbb-cccc').";
    assert!(of("osv-scanner", "CVE-2021-1", osv).contains("pkg:generic/a@1.0"));
}

#[test]
fn older_versions_are_refused_with_a_way_out() {
    let said = read(r#"{"version":"2.0.0-csd.2.beta","runs":[{"results":[{"ruleId":"x"}]}]}"#);
    assert!(said.findings.is_empty() && said.gaps[0].message.contains("Multitool"), "{:?}", said.gaps);
}

#[test]
fn a_clean_run_is_a_report() {
    let said = read(r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"zizmor"}},"results":[]}]}"#);
    assert!(said.findings.is_empty() && said.gaps.is_empty() && said.kinds.len() == 1, "{:?}", said.gaps);
}
