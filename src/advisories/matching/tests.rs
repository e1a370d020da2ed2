use super::*;
use crate::advisories::osv;
use crate::advisories::store::build::{Input, build};

const V3: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

fn store(records: &[&str]) -> Store {
    let read = |text: &&str| (osv::from_json(text.as_bytes()).unwrap().record.unwrap(), "OSV".to_owned());
    Store::from_bytes(build(Input { records: records.iter().map(read).collect(), ..Input::default() })).unwrap()
}

fn record(id: &str, aliases: &str, ecosystem: &str, name: &str, events: &str, more: &str) -> String {
    let aliases: Vec<&str> = aliases.split_whitespace().collect();
    format!(
        r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "aliases": {aliases:?}, {more} "affected": [{{"package":
        {{"ecosystem": "{ecosystem}", "name": "{name}"}}, "ranges": [{{"type": "ECOSYSTEM", "events": [{events}]}}]}}]}}"#
    )
}

fn hits(store: &Store, ecosystem: Ecosystem, release: &str, name: &str, version: &str) -> Vec<Hit> {
    ask(store, Asked { ecosystem, release, name, version }).unwrap().hits
}

#[test]
fn aliases_are_one_hit_and_say_all_that_they_know() {
    let severity = format!(r#""severity": [{{"type": "CVSS_V3", "score": "{V3}"}}], "summary": "Loud","#);
    let range = r#"{"introduced": "0"}, {"fixed": "1.2.0"}"#;
    let store = store(&[
        &record(
            "GHSA-2222-3333-4444",
            "CVE-2026-1",
            "PyPI",
            "clock",
            r#"{"introduced": "0"}, {"fixed": "1.3.0"}"#,
            &severity,
        ),
        &record("PYSEC-2026-1", "CVE-2026-1", "PyPI", "Clock", range, r#""details": "Long","#),
        &record("PYSEC-2026-2", "CVE-2026-2", "PyPI", "clock", range, ""),
        &record("OSV-2026-3", "", "PyPI", "clock", r#"{"introduced": "1.1.0"}"#, ""),
        &record("OSV-2026-4", "", "npm", "clock", r#"{"introduced": "0"}"#, ""),
    ]);
    let found = hits(&store, Ecosystem::PyPi, "", "CLOCK", "1.0.0");
    let ids: Vec<&str> = found.iter().map(|hit| hit.id.as_str()).collect();
    assert_eq!(ids, ["GHSA-2222-3333-4444", "PYSEC-2026-2"], "worst first, of this ecosystem and version alone");
    assert_eq!(found[0].aliases, ["CVE-2026-1", "PYSEC-2026-1"]);
    assert_eq!(found[0].fixed, ["1.3.0"], "what another record affects is no fix");
    assert_eq!((found[0].severity, found[0].rating.by.as_str()), (Severity::Critical, "GitHub, CVSS 3.1 9.8"));
    assert_eq!((found[1].severity, &found[1].rating), (Severity::Medium, &Rating::assumed("scanall")));
    let text = text(&store, &found[0].places).unwrap();
    assert_eq!((text.summary.as_str(), text.details.as_str()), ("Loud", "Long"));
}

#[test]
fn severity_is_borrowed_of_an_alias_that_is_about_another_package() {
    let severity = format!(r#""severity": [{{"type": "CVSS_V3", "score": "{V3}"}}],"#);
    let all = r#"{"introduced": "0"}"#;
    let store = store(&[
        &record("GO-2026-0001", "CVE-2026-1", "Go", "example.test/clock", all, ""),
        &record("GHSA-2222-3333-4444", "CVE-2026-1", "npm", "clock", all, &severity),
        &record("RUSTSEC-2026-0001", "CVE-2026-1", "crates.io", "clock", all, ""),
    ]);
    let found = hits(&store, Ecosystem::Go, "", "example.test/clock", "v1.2.3");
    assert_eq!((found[0].severity, found[0].rating.by.as_str()), (Severity::Critical, "GitHub, CVSS 3.1 9.8"));
    assert_eq!(found[0].aliases, ["CVE-2026-1"]);
}

#[test]
fn malicious_packages_say_so_and_are_critical() {
    let all = r#"{"introduced": "0"}"#;
    let store = store(&[
        &record("GHSA-2222-3333-4444", "", "npm", "clock", all, r#""database_specific": {"severity": "LOW"},"#),
        &record("MAL-2026-1", "GHSA-2222-3333-4444", "npm", "clock", all, ""),
    ]);
    let found = hits(&store, Ecosystem::Npm, "", "clock", "1.0.0");
    assert_eq!((found.len(), found[0].id.as_str(), found[0].nature), (1, "MAL-2026-1", Nature::Malicious));
    assert_eq!((found[0].severity, &found[0].rating), (Severity::Critical, &Rating::stated("OpenSSF")));
}

#[test]
fn names_and_releases() {
    let all = r#"{"introduced": "0"}"#;
    let store = store(&[
        &record("A-2026-0001", "", "Debian:12", "openssl", r#"{"introduced": "0"}, {"fixed": "3.0.11-1"}"#, ""),
        &record("A-2026-0002", "", "Debian:11", "openssl", all, ""),
        &record("A-2026-0003", "", "Ubuntu:22.04:LTS", "openssl", all, ""),
        &record("A-2026-0004", "", "Alpine:v3.20", "openssl", all, ""),
        &record("A-2026-0005", "", "Packagist:https://packages.drupal.org/8", "drupal/token", all, ""),
        &record("A-2026-0006", "", "Go", "stdlib", r#"{"introduced": "0"}, {"fixed": "1.20.3"}"#, ""),
        &record("A-2026-0007", "", "Maven", "org.clock:clock", all, ""),
        &record("A-2026-0008", "", "NuGet", "Clock.Work", all, ""),
    ]);
    for (ecosystem, release, name, version, expected) in [
        (Ecosystem::Debian, "12", "openssl", "3.0.9-1", "A-2026-0001"),
        (Ecosystem::Debian, "12", "openssl", "3.0.11-1", ""),
        (Ecosystem::Debian, "11", "openssl", "1", "A-2026-0002"),
        (Ecosystem::Debian, "", "openssl", "1", ""),
        (Ecosystem::Ubuntu, "22.04", "openssl", "1", "A-2026-0003"),
        (Ecosystem::Alpine, "3.20", "openssl", "1", "A-2026-0004"),
        (Ecosystem::Packagist, "", "Drupal/Token", "1.0.0", "A-2026-0005"),
        (Ecosystem::Go, "", "stdlib", "go1.20.2", "A-2026-0006"),
        (Ecosystem::Go, "", "stdlib", "1.20.3", ""),
        (Ecosystem::Maven, "", "org.clock:clock", "1.0", "A-2026-0007"),
        (Ecosystem::NuGet, "", "clock.work", "1.0.0", "A-2026-0008"),
        (Ecosystem::NuGet, "", "clock.work", "", ""),
        (Ecosystem::Generic, "", "openssl", "1", ""),
    ] {
        let found = hits(&store, ecosystem, release, name, version);
        let ids: Vec<&str> = found.iter().map(|hit| hit.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{name} {release} {version}");
    }
}

#[test]
fn tags_of_steps_move() {
    let range = r#"{"introduced": "4.0.0"}, {"fixed": "4.1.3"}"#;
    let store = store(&[&record("GHSA-2222-3333-4444", "", "GitHub Actions", "actions/clock", range, "")]);
    for (version, expected) in [
        ("v4", 0),
        ("v4.1", 0),
        ("v4.1.2", 1),
        ("v4.0", 1),
        ("4.0.0", 1),
        ("v3", 0),
        ("main", 0),
        (&"a1".repeat(20), 0),
    ] {
        assert_eq!(hits(&store, Ecosystem::GitHubActions, "", "Actions/Clock", version).len(), expected, "{version}");
    }
}

#[test]
fn a_version_without_an_order_is_undecided() {
    let store = store(&[&record("A-2026-0001", "", "crates.io", "clock", r#"{"introduced": "1.0.0"}"#, "")]);
    let asked = Asked { ecosystem: Ecosystem::Cargo, release: "", name: "clock", version: "newest" };
    let answer = ask(&store, asked).unwrap();
    assert_eq!((answer.hits.len(), answer.undecided), (0, vec!["A-2026-0001".to_owned()]));
}
