//! Holds the reader to reports of every framework.

use crate::finding::Kind;
use crate::ingest::testing::{lines, read};

const TERRAFORM: &str = r#"{"check_type":"terraform","results":{"passed_checks":[],"failed_checks":[
 {"check_id":"CKV_AWS_24","bc_check_id":null,"check_name":"Ensure no security groups allow ingress from 0.0.0.0:0 to port 22",
  "check_result":{"result":"FAILED"},"code_block":[[6,"resource \"aws_security_group\" \"counter\" {\n"],[7,"}\n"]],
  "file_path":"/main.tf","file_abs_path":"/srv/shop/deploy/main.tf","repo_file_path":"/deploy/main.tf",
  "file_line_range":[6,15],"resource":"aws_security_group.counter","severity":null,"guideline":"https://docs.example.com/x"},
 {"check_id":"CKV_AWS_20","check_name":"S3 is public","check_result":"FAILED","file_path":"/s3.tf","file_line_range":[-1,-1],
  "resource":"aws_s3_bucket.b","severity":{"name":"LOW","level":2},"code_block":null}],
 "skipped_checks":[{"check_id":"CKV_AWS_16","check_result":{"result":"SKIPPED","suppress_comment":"x"}}],
 "parsing_errors":["/broken.tf"]},"summary":{"failed":2,"checkov_version":"3.0.0"}}"#;

#[test]
fn failed_checks_count_and_skipped_ones_do_not() {
    let said = read(TERRAFORM);
    assert_eq!(
        lines(&said),
        [
            "config/open-ssh high deploy/main.tf:6: Ensure no security groups allow ingress from 0.0.0.0:0 to port 22",
            "config/public-bucket low s3.tf: S3 is public",
        ]
    );
    assert_eq!(said.findings[0].resource.as_deref(), Some("aws_security_group.counter"));
    assert!(!said.findings[0].rating.is_substantiated() && said.findings[1].rating.is_substantiated());
    assert_eq!(said.gaps[0].message, "`report`: checkov could not parse `broken.tf`");
}

#[test]
fn a_list_has_an_object_for_each_framework() {
    let said = read(format!("[{TERRAFORM},{}]", TERRAFORM.replace("terraform", "kubernetes")));
    assert_eq!(said.findings.len(), 4);
    assert_eq!(said.notes, ["`report`: Checkov JSON, 4 findings"]);
}

#[test]
fn counts_alone_are_a_clean_report() {
    let nothing =
        r#"{"passed":0,"failed":0,"skipped":0,"parsing_errors":0,"resource_count":0,"checkov_version":"2.0.0"}"#;
    for clean in
        [nothing, r#"{"check_type":"dockerfile","results":{"passed_checks":[],"failed_checks":[]},"summary":{}}"#]
    {
        let said = read(clean);
        assert!(said.findings.is_empty() && said.gaps.is_empty(), "{:?}", said.gaps);
        assert_eq!(said.notes, ["`report`: Checkov JSON, 0 findings"]);
    }
}

#[test]
fn packages_licenses_credentials_and_code_are_findings_of_their_kinds() {
    let said = read(
        r#"[{"check_type":"sca_package","results":{"failed_checks":[
 {"check_id":"CKV_CVE_2019_10906","check_name":"SCA package scan","file_path":"/requirements.txt","file_line_range":[0,0],
  "resource":"requirements.txt.jinja2","severity":"MEDIUM","vulnerability_details":{"id":"CVE-2019-10906","severity":"high",
  "package_name":"jinja2","package_version":"2.10","link":"https://nvd.nist.gov/vuln/detail/CVE-2019-10906","cvss":8.6,
  "vector":"CVSS:3.0/AV:N","description":null,"lowest_fixed_version":"2.10.1"}},
 {"check_id":"BC_LIC_1","check_name":"SCA license","file_path":"/go.sum","resource":"go.sum.x","severity":null,
  "vulnerability_details":{"package_name":"x","package_version":"1","license":"GPL-3.0","status":"FAILED"}}]}},
 {"check_type":"secrets","results":{"failed_checks":[
 {"check_id":"CKV_SECRET_2","check_name":"AWS Access Key","code_block":[[1,"key: sandcastle77\n"]],"file_path":"/a.yml",
  "file_line_range":[1,2],"resource":"aa11","validation_status":"Valid"}]}},
 {"check_type":"sast_python","results":{"failed_checks":[
 {"check_id":"CKV3_SAST_1","check_name":"Weak hash","file_path":"/a.py","file_line_range":[3,3],"severity":"HIGH",
  "cwe_id":["CWE-327"],"cwe":["CWE-327: Broken"],"resource":"a.py"}]}}]"#,
    );
    assert_eq!(
        lines(&said),
        [
            "advisory/CVE-2019-10906 medium requirements.txt pkg:pypi/jinja2@2.10: jinja2 2.10 is vulnerable: CVE-2019-10906",
            "license/gpl-3.0 medium go.sum pkg:golang/x@1: x 1 is under GPL-3.0 (BC_LIC_1)",
            "secret/checkov/CKV_SECRET_2 high a.yml:1: AWS Access Key",
            "code/checkov/CKV3_SAST_1 high a.py:3: Weak hash",
        ]
    );
    assert!(said.findings[2].excerpt.is_none());
    assert_eq!(said.findings[3].rule.cwe, [327]);
    assert_eq!(said.kinds.into_iter().collect::<Vec<_>>(), [Kind::Secret, Kind::Advisory, Kind::License, Kind::Code]);
}
