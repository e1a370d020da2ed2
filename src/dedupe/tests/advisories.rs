//! Advisories and licenses.

use super::*;

const SERDE: &str = "pkg:cargo/serde_json";

#[test]
fn ids_that_are_aliases_are_one_advisory() {
    let ours = advisory("scanall", "RUSTSEC-2020-0001", &["CVE-2020-1"], SERDE, "Cargo.lock");
    let trivy = advisory("trivy", "CVE-2020-1", &[], "pkg:rust-crate/serde-json", "Cargo.lock");
    let grype = advisory("grype", "GHSA-aaaa-bbbb-cccc", &["cve-2020-1"], SERDE, "Cargo.lock");
    let all = dedupe(vec![grype.clone(), trivy.clone(), ours.clone()]);
    assert_eq!(joined(&[ours, trivy, grype]).len(), 1);
    assert_eq!(all[0].rule.id, "advisory/RUSTSEC-2020-0001", "ours comes first");
    let aliases = &all[0].package.as_ref().unwrap().aliases;
    assert!(["CVE-2020-1", "GHSA-aaaa-bbbb-cccc"].iter().all(|id| aliases.iter().any(|alias| alias == id)));
}

#[test]
fn an_alias_counts_for_the_package_wherever_it_is_told() {
    let told = advisory("grype", "GHSA-aaaa-bbbb-cccc", &["CVE-2020-1"], SERDE, "a/Cargo.lock");
    let one = advisory("snyk", "GHSA-aaaa-bbbb-cccc", &[], SERDE, "b/Cargo.lock");
    let two = advisory("trivy", "CVE-2020-1", &[], SERDE, "b/Cargo.lock");
    assert_eq!(joined(&[one.clone(), two.clone()]).len(), 2);
    assert_eq!(joined(&[told, one, two]).len(), 2);
}

#[test]
fn another_package_version_or_lockfile_is_another_finding() {
    let one = advisory("trivy", "CVE-2020-1", &[], SERDE, "a/Cargo.lock");
    let package = advisory("grype", "CVE-2020-1", &[], "pkg:cargo/serde", "a/Cargo.lock");
    let lockfile = advisory("grype", "CVE-2020-1", &[], SERDE, "b/Cargo.lock");
    let mut version = advisory("grype", "CVE-2020-1", &[], SERDE, "a/Cargo.lock");
    version.package.as_mut().unwrap().version = "1.0.1".to_owned();
    assert_eq!(joined(&[one, package, lockfile, version]).len(), 4);
}

#[test]
fn what_knows_no_file_joins_the_first_lockfile() {
    let trivy = |path| advisory("trivy", "CVE-2020-1", &[], "pkg:pypi/Flask", path);
    let audit = |path| advisory("pip-audit", "PYSEC-2020-1", &["CVE-2020-1"], "pkg:pypi/flask", path);
    for coarse in ["", "packages", "python-environment", "web", "web/pyproject.toml"] {
        let all = dedupe(vec![audit(coarse), trivy("web/uv.lock")]);
        assert_eq!(all.len(), 1, "{coarse}");
        assert_eq!(all[0].location.path.as_str(), "web/uv.lock");
    }
    assert_eq!(
        joined(&[audit(""), trivy("web/uv.lock"), trivy("api/uv.lock")]),
        [vec!["pip-audit PYSEC-2020-1", "trivy CVE-2020-1"], vec!["trivy CVE-2020-1"]]
    );
    assert_eq!(joined(&[audit("api"), trivy("web/uv.lock")]).len(), 2);
    let mut unversioned = audit("web/uv.lock");
    unversioned.package.as_mut().unwrap().version.clear();
    let all = dedupe(vec![unversioned, trivy("web/uv.lock")]);
    assert_eq!((all.len(), all[0].package.as_ref().unwrap().version.as_str()), (1, "1.0.0"));
}

#[test]
fn an_announcement_is_no_alias() {
    let openssl = "pkg:deb/debian/openssl";
    let of = |id, aliases| advisory("trivy", id, aliases, openssl, "shop (debian 12)");
    assert_eq!(joined(&[of("CVE-2023-1", &["DSA-5000-1"]), of("CVE-2023-2", &["DSA-5000-1"])]).len(), 2);
    let of = |tool, id, aliases| advisory(tool, id, aliases, openssl, "shop (debian 12)");
    let osv = of("osv-scanner", "DSA-5000-1", &["CVE-2023-1", "CVE-2023-2"]);
    assert_eq!(joined(&[osv, of("trivy", "CVE-2023-1", &[]), of("trivy", "CVE-2023-2", &[])]).len(), 3);
    let osv = of("osv-scanner", "DEBIAN-CVE-2023-1", &[]);
    assert_eq!(joined(&[osv, of("trivy", "CVE-2023-1", &[])]).len(), 1);
}

#[test]
fn an_image_is_a_coarser_name_of_its_list_of_packages() {
    let trivy = advisory("trivy", "CVE-2020-1", &[], "pkg:apk/alpine/musl?distro=3.10", "shop:1.2 (alpine 3.10.2)");
    let grype = advisory("grype", "CVE-2020-1", &[], "pkg:apk/musl", "lib/apk/db/installed");
    let all = dedupe(vec![trivy.clone(), grype.clone()]);
    assert_eq!((all.len(), all[0].location.path.as_str()), (1, "lib/apk/db/installed"));
    assert_eq!(joined(&[trivy, grype]).len(), 1);
}

#[test]
fn an_advisory_of_two_ids_joins_findings_that_have_one_each() {
    let both = advisory("grype", "GHSA-aaaa-bbbb-cccc", &["CVE-2020-1", "CVE-2020-2"], SERDE, "Cargo.lock");
    let one = advisory("trivy", "CVE-2020-1", &[], SERDE, "Cargo.lock");
    let two = advisory("trivy", "CVE-2020-2", &[], SERDE, "Cargo.lock");
    assert_eq!(joined(&[one.clone(), two.clone()]).len(), 2);
    assert_eq!(joined(&[one, both, two]).len(), 1);
}

#[test]
fn a_license_of_a_package_is_one_finding() {
    let of = |tool: &str, license: &str, path: &str| {
        let mut finding = advisory(tool, license, &[], "pkg:pypi/Some_Thing", path);
        finding.kind = Kind::License;
        finding
    };
    assert_eq!(joined(&[of("scanall", "gpl-3.0-only", "uv.lock"), of("pip-licenses", "GPL-3.0-only", "")]).len(), 1);
    assert_eq!(joined(&[of("scanall", "gpl-3.0-only", "uv.lock"), of("pip-licenses", "MIT", "")]).len(), 2);
}
