//! Code and configuration.

use super::*;

#[test]
fn one_weakness_at_one_place_is_one_finding() {
    let semgrep = code("semgrep", "python.lang.subprocess-shell-true", &[78], (4, 6));
    let bandit = code("bandit", "B602", &[78], (5, 5));
    let codeql = code("codeql", "py/shell-command", &[77, 88], (6, 6));
    assert_eq!(joined(&[semgrep.clone(), bandit.clone()]).len(), 1);
    assert_eq!(
        joined(&[semgrep, bandit, codeql]),
        [["bandit B602", "codeql py/shell-command", "semgrep python.lang.subprocess-shell-true"]],
        "what CodeQL says overlaps with what Semgrep says"
    );
}

#[test]
fn different_defects_on_one_line_stay_two() {
    let injection = code("semgrep", "x.sql-injection", &[89], (5, 5));
    let scripting = code("bandit", "B703", &[79], (5, 5));
    assert_eq!(joined(&[injection.clone(), scripting]).len(), 2);
    // So general a weakness is no reason.
    let general = [code("codeql", "py/a", &[20, 89], (5, 5)), code("bandit", "B999", &[20, 79], (5, 5))];
    assert_eq!(joined(&general).len(), 2);
    let elsewhere = code("bandit", "B608", &[89], (6, 6));
    assert_eq!(joined(&[injection.clone(), elsewhere]).len(), 2);
    let without = code("bandit", "B608", &[], (5, 5));
    assert_eq!(joined(&[injection, without]).len(), 2);
}

#[test]
fn two_findings_of_one_tool_stay_two_even_where_another_is_like_both() {
    let one = code("semgrep", "x.sql-in-format", &[89], (5, 5));
    let two = code("semgrep", "x.sql-in-execute", &[89], (5, 5));
    assert_eq!(joined(&[one.clone(), two.clone()]).len(), 2);
    let third = code("bandit", "B608", &[89], (5, 5));
    let all = joined(&[one, two, third]);
    assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>().iter().sum::<usize>(), 3);
    assert_eq!(all.len(), 2);
}

#[test]
fn one_rule_at_two_columns_of_a_line_is_two_findings() {
    let one = code("semgrep", "x.sql-injection", &[89], (5, 5));
    let mut two = one.clone();
    two.location.span = two.location.span.map(|span| Span { start_column: 20, end_column: 30, ..span });
    assert_eq!(joined(&[one.clone(), two]).len(), 2);
    assert_eq!(joined(&[one.clone(), one]).len(), 1);
}

#[test]
fn rules_that_several_tools_call_by_one_name_are_the_same() {
    let semgrep = code("semgrep", "a.b.subprocess-shell-true", &[], (5, 5));
    let opengrep = code("opengrep", "c.subprocess-shell-true", &[], (5, 5));
    assert_eq!(joined(&[semgrep, opengrep]).len(), 1);
}

#[test]
fn two_rules_of_one_tool_stay_two_even_under_one_name() {
    let under_one_name = |rule: &str| {
        let mut finding = finding(Kind::Config, "hadolint", rule, "Dockerfile", Some((3, 3)));
        finding.rule = Rule { id: "config/unpinned-package".to_owned(), ..(*finding.rule).clone() }.into();
        finding
    };
    assert_eq!(joined(&[under_one_name("DL3008"), under_one_name("DL3013")]).len(), 2);
    assert_eq!(joined(&[under_one_name("DL3008"), under_one_name("DL3008")]).len(), 1);
}

#[test]
fn checks_of_a_family_are_one_finding() {
    let at = |kind: Kind, tool: &str, rule: &str, lines| finding(kind, tool, rule, "Dockerfile", lines);
    let trivy = at(Kind::Config, "trivy", "AVD-DS-0002", None);
    let checkov = at(Kind::Config, "checkov", "CKV_DOCKER_8", Some((1, 20)));
    let hadolint = at(Kind::Config, "hadolint", "DL3002", Some((9, 9)));
    let semgrep = at(Kind::Code, "semgrep", "dockerfile.security.last-user-is-root.last-user-is-root", Some((9, 9)));
    let all = [trivy, checkov.clone(), hadolint.clone(), semgrep];
    assert_eq!(joined(&all).len(), 1);
    // Checkov has a second check of the family, which stays, and another place has nothing to do with it.
    let second = at(Kind::Config, "checkov", "CKV_DOCKER_3", Some((1, 20)));
    assert_eq!(joined(&[&all[..], &[second]].concat()).len(), 2);
    let mut elsewhere = hadolint;
    elsewhere.location.path = RepoPath::new("web/Dockerfile");
    assert_eq!(joined(&[checkov.clone(), elsewhere]).len(), 2);
    let other = at(Kind::Config, "hadolint", "DL3020", Some((9, 9)));
    assert_eq!(joined(&[checkov, other]).len(), 2);
}

#[test]
fn resources_tell_findings_apart() {
    let trivy = |resource| config("trivy", "AVD-AWS-0088", resource);
    let checkov = |resource| config("checkov", "CKV_AWS_19", resource);
    assert_eq!(joined(&[trivy(Some("aws_s3_bucket.logs")), checkov(Some("aws_s3_bucket.logs"))]).len(), 1);
    assert_eq!(joined(&[trivy(Some("aws_s3_bucket.logs")), checkov(Some("aws_s3_bucket.data"))]).len(), 2);
    assert_eq!(joined(&[trivy(None), checkov(Some("aws_s3_bucket.data"))]).len(), 1);
}
