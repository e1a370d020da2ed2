use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::ecosystem::Ecosystem;
use crate::finding::{Location, Package, Severity, Source};
use crate::rule::Rule;

fn finding(id: &str, ecosystem: Ecosystem, name: &str, version: &str, path: &str) -> Finding {
    let rule = Arc::new(Rule { id: format!("advisory/{id}"), ..Rule::default() });
    let place = Location::here(RepoPath::new(path), None);
    let mut finding = Finding::new(rule, Kind::Advisory, Severity::High, String::new(), place, Source::own(id));
    let aliases = vec!["CVE-2020-26235".to_owned()];
    finding.package = Some(Package { aliases, ..Package::of(ecosystem, name, version) });
    finding
}

fn reviewed(format: &Format, path: &str, text: &str) -> Reviewed {
    let entries = (format.read)(text).unwrap();
    Reviewed::new(format, &RepoPath::new(path), entries, &mut { globs::MOST }).unwrap()
}

/// Which line of a text accepts a finding of `time`, today.
fn accepts(format: &Format, path: &str, text: &str) -> Option<usize> {
    let file = reviewed(format, path, text);
    let finding = finding("RUSTSEC-2020-0071", Ecosystem::Cargo, "time", "0.2.15", "app/Cargo.lock");
    match file.accept(&finding, date(2026, 6, 1))?.place {
        Place::File { line, .. } => Some(line),
        _ => None,
    }
}

#[test]
fn every_format_accepts_what_it_names_and_nothing_else() {
    for (format, path, text, line) in [
        (
            &osv_scanner::FORMAT,
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"CVE-2020-26235\"\nreason = \"x\"\n",
            Some(1),
        ),
        (&osv_scanner::FORMAT, "osv-scanner.toml", "[[IgnoredVulns]]\nid = \"CVE-1\"\n", None),
        (
            &osv_scanner::FORMAT,
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"CVE-2020-26235\"\nignoreUntil = 2026-05-31T00:00:00Z\n",
            None,
        ),
        (
            &osv_scanner::FORMAT,
            "app/osv-scanner.toml",
            "\n[[PackageOverrides]]\nname = \"time\"\necosystem = \"crates.io\"\nvulnerability.ignore = true\n",
            Some(2),
        ),
        (
            &osv_scanner::FORMAT,
            "osv-scanner.toml",
            "[[PackageOverrides]]\nname = \"time\"\necosystem = \"npm\"\nignore = true\n",
            None,
        ),
        (&osv_scanner::FORMAT, "other/osv-scanner.toml", "[[IgnoredVulns]]\nid = \"CVE-2020-26235\"\n", None),
        (
            &cargo_audit::FORMAT,
            "app/.cargo/audit.toml",
            "[advisories]\nignore = [\n  \"RUSTSEC-2020-0071\",\n]\n",
            Some(3),
        ),
        (&cargo_audit::FORMAT, "ap/.cargo/audit.toml", "[advisories]\nignore = [\"RUSTSEC-2020-0071\"]\n", None),
        (&cargo_deny::FORMAT, "deny.toml", "[advisories]\nignore = [\"RUSTSEC-2020-0071\"]\n", Some(2)),
        (
            &cargo_deny::FORMAT,
            "deny.toml",
            "[advisories]\nignore = [{ id = \"RUSTSEC-2020-0071\", reason = \"x\" }]\n",
            Some(2),
        ),
        (&cargo_deny::FORMAT, "deny.toml", "[advisories]\nignore = [{ crate = \"time@0.2.15\" }]\n", Some(2)),
        (&cargo_deny::FORMAT, "deny.toml", "[advisories]\nignore = [\"time@0.2.16\"]\n", None),
        (&trivy::LINES, ".trivyignore", "# why\n\nCVE-2020-26235 exp:2027-01-01 # x\n", Some(3)),
        (&trivy::LINES, ".trivyignore", "CVE-2020-26235 exp:2025-01-01\n", None),
        (
            &trivy::YAML,
            ".trivyignore.yaml",
            "vulnerabilities:\n  - id: CVE-2020-26235\n    purls: [\"pkg:cargo/time@0.2.15\"]\n    paths: [\"app/**\"]\n",
            Some(2),
        ),
        (&trivy::YAML, ".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2020-26235\n    paths: [\"lib/*\"]\n", None),
        (&trivy::YAML, ".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2020-26235\n    paths: [\"[\"]\n", None),
        (
            &openvex::FORMAT,
            "vex.json",
            "{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"statements\": [\n{\"vulnerability\": {\"name\": \"CVE-2020-26235\"},\n\"products\": [{\"@id\": \"pkg:docker/shop\", \"subcomponents\": [{\"@id\": \"pkg:cargo/time\"}]}],\n\"status\": \"not_affected\", \"justification\": \"component_not_present\"}]}",
            Some(2),
        ),
        (
            &openvex::FORMAT,
            "vex.json",
            "{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"statements\": [{\"vulnerability\": {\"name\": \"CVE-2020-26235\"},\n\"products\": [{\"@id\": \"pkg:cargo/time\"}], \"status\": \"under_investigation\"}]}",
            None,
        ),
        (
            &openvex::FORMAT,
            "vex.json",
            "{\"@context\": \"https://openvex.dev/ns\", \"statements\": [{\"vulnerability\": \"CVE-2020-26235\", \"products\": [\"pkg:cargo/tim\"], \"status\": \"fixed\"}]}",
            None,
        ),
        (&openvex::FORMAT, "vex.json", "{\"@context\": \"https://example.org\"}", None),
    ] {
        assert!((format.wants)(path), "{path}");
        assert_eq!(accepts(format, path, text), line, "{text}");
    }
}

#[test]
fn a_reason_and_a_day_are_kept_and_what_has_expired_is_told() {
    let text = "[[IgnoredVulns]]\nid = \"RUSTSEC-2020-0071\"\nignoreUntil = 2026-05-31\nreason = \"not reached\"\n";
    let file = reviewed(&osv_scanner::FORMAT, "osv-scanner.toml", text);
    let it = finding("RUSTSEC-2020-0071", Ecosystem::Cargo, "time", "0.2.15", "Cargo.lock");
    let why = file.accept(&it, date(2026, 5, 31)).unwrap();
    assert_eq!((why.reason.as_str(), why.expires), ("not reached", Some(date(2026, 5, 31))));
    let told = file.expired(&[it], date(2026, 6, 1));
    assert_eq!(told, ["line 1 of `osv-scanner.toml` expired on 2026-05-31"]);
    assert!(file.expired(&[], date(2026, 6, 1)).is_empty());
}

proptest! {
    #[test]
    fn no_text_breaks_a_reader(text in "(\\PC|[\\[\\]{}\":,=\n@/0-9a-z]|\\[advisories\\]\nignore = |id: |\"statements\":){0,80}") {
        for format in &FORMATS {
            if let Ok(entries) = (format.read)(&text) {
                prop_assert!(entries.iter().all(|entry| entry.line >= 1 && entry.line <= text.lines().count().max(1)));
            }
        }
    }
}
