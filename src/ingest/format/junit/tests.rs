//! Holds the reader to what tools fill the format with.

use crate::finding::Kind;
use crate::ingest::testing::{lines, read};

#[test]
fn failed_cases_count_and_others_do_not() {
    let said = read(
        r#"<?xml version="1.0"?>
<testsuites><testsuite name="lint" tests="4" failures="2"><testcase name="no-eval" classname="rules">
 <failure message="eval is dangerous" type="failure">src/a.js:12:3 eval(x)</failure></testcase>
 <testcase name="fine"/><testcase name="later"><skipped/></testcase>
 <testcase name="boom" file="b.js" line="3"><error message="cannot run"/></testcase></testsuite></testsuites>"#,
    );
    assert_eq!(
        lines(&said),
        ["code/lint/no-eval medium src/a.js:12: eval is dangerous", "code/lint/boom medium b.js:3: cannot run"]
    );
    assert!(said.gaps.is_empty() && !said.findings[0].rating.is_substantiated());
}

#[test]
fn tools_are_known_by_their_ways() {
    let bandit = r#"<testsuite name="bandit" tests="1"><testcase classname="./app.py" name="blacklist"><error more_info="https://b.example/x"
 type="MEDIUM" message="Use of md5">Test ID: B303 Severity: MEDIUM Confidence: HIGH
Use of md5
Location ./app.py:7</error></testcase></testsuite>"#;
    let checkov = r#"<testsuites><testsuite name="terraform scan"><testcase name="[NONE][CKV_AWS_24] Ensure no ingress" classname="/main.tf.x" file="/main.tf">
 <failure type="failure" message="Resource: x">y</failure></testcase></testsuite></testsuites>"#;
    let trivy = r#"<testsuites><testsuite name="package-lock.json" tests="1"><testcase classname="left-pad-1.0.0" name="[HIGH] CVE-2020-1">
 <failure message="left-pad: pads" type="description">more</failure></testcase></testsuite></testsuites>"#;
    for (text, line) in [
        (bandit, "code/weak-hash medium app.py:7: Use of md5"),
        (checkov, "config/open-ssh high main.tf: Resource: x"),
        (
            trivy,
            "advisory/CVE-2020-1 high package-lock.json pkg:npm/left-pad@1.0.0: left-pad 1.0.0 is vulnerable: left-pad: pads",
        ),
    ] {
        let said = read(text);
        assert_eq!(lines(&said).first().map(String::as_str), Some(line));
        assert!(said.gaps.is_empty());
    }
}

#[test]
fn a_credential_is_kept_in_its_secret() {
    let said = read(
        r#"<testsuites><testsuite name="gitleaks"><testcase classname="Found sandcastle77" file="a.py" name="token has detected a secret in file a.py, line 2">
<failure message="sandcastle77" type="x">{&#34;RuleID&#34;: &#34;token&#34;,&#34;StartLine&#34;: 2,&#34;EndLine&#34;: 2,&#34;Secret&#34;: &#34;sandcastle77&#34;,&#34;File&#34;: &#34;a.py&#34;,&#34;Commit&#34;: &#34;71855aab9efe60177c94cd7b4e07bc85d7ed95fa&#34;}</failure>
</testcase></testsuite></testsuites>"#,
    );
    let found = &said.findings[0];
    assert_eq!(found.kind, Kind::Secret);
    assert!(found.secret.is_some() && found.location.commit.is_some() && found.location.span.is_some());
    assert!(!crate::ingest::testing::tells(&said, "sandcastle77"));
}

#[test]
fn what_is_cut_short_gives_what_is_whole() {
    let text = r#"<testsuites><testsuite name="a"><testcase name="b" file="c"><failure message="d"/></testcase><testcase name="e"><fail"#;
    let said = read(text);
    assert_eq!((said.findings.len(), said.gaps.len()), (1, 1), "{:?}", said.gaps);
    let clean = read("<testsuites/>");
    assert!(clean.findings.is_empty() && clean.gaps.is_empty());
    assert_eq!(clean.notes, ["`report`: JUnit XML, 0 findings"]);
}
