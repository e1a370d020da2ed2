use super::testing::{lines, read};

const TRIVY: &str = r#"{"SchemaVersion":2,"ArtifactName":".","ArtifactType":"repository","Results":[
 {"Target":"package-lock.json","Class":"lang-pkgs","Type":"npm",
  "Vulnerabilities":[
   {"VulnerabilityID":"CVE-2021-1","PkgName":"@a/b","InstalledVersion":"1.0.0","FixedVersion":"1.0.1","Severity":"HIGH","Title":"Bad","CweIDs":["CWE-79"]},
   {"VulnerabilityID":7},
   {"VulnerabilityID":"CVE-2021-2","PkgName":"c","InstalledVersion":"2.0","Severity":"UNKNOWN"}],
  "Packages":[{"Name":"@a/b","Version":"1.0.0","Locations":[{"StartLine":12,"EndLine":14}]}]}]}"#;

#[test]
fn what_lies_behind_records_counts_and_a_bad_record_loses_nothing() {
    let said = read(TRIVY);
    assert_eq!(
        lines(&said),
        [
            "advisory/CVE-2021-1 high package-lock.json:12 pkg:npm/%40a/b@1.0.0: @a/b 1.0.0 is vulnerable: Bad",
            "advisory/CVE-2021-2 medium package-lock.json pkg:npm/c@2.0: c 2.0 is vulnerable: CVE-2021-2",
        ]
    );
    assert_eq!(said.gaps.len(), 1);
    assert!(said.gaps[0].message.contains("`report`: 1 entry cannot be read, at byte"), "{}", said.gaps[0].message);
}

#[test]
fn logs_around_and_between_documents_are_passed_over() {
    let text = format!(
        "2026-01-01 [INFO] {{start}}\n{TRIVY}\n{{\"level\":\"info\",\"ts\":1,\"msg\":\"x\"}}\nWARN [1] more\n{TRIVY}done"
    );
    let said = read(text);
    assert_eq!((said.findings.len(), said.gaps.len()), (4, 1), "{:?}", said.gaps);
    assert!(said.gaps[0].message.contains("2 entries cannot be read, the first at byte"), "{:?}", said.gaps);
}

#[test]
fn a_report_that_is_cut_short_gives_what_is_whole() {
    let whole = read(TRIVY).findings.len();
    for end in 60..TRIVY.len() - 1 {
        let said = read(&TRIVY[..end]);
        assert!(said.findings.len() <= whole);
        assert!(!said.gaps.is_empty(), "cut at {end}");
    }
    let cut = TRIVY.find("\"CVE-2021-2\"").unwrap();
    let said = read(&TRIVY[..cut]);
    assert_eq!(said.findings.len(), 1);
    assert!(said.gaps.iter().any(|gap| gap.message.contains("at byte")), "{:?}", said.gaps);
}

#[test]
fn nothing_is_nothing() {
    for (text, notes, gaps) in
        [("[]", 1, 0), ("null\n", 1, 0), ("{}", 1, 0), ("", 0, 1), (" \n", 0, 1), ("hello", 0, 1), ("<x y=[]/>", 0, 1)]
    {
        let said = read(text);
        assert_eq!((said.findings.len(), said.notes.len(), said.gaps.len()), (0, notes, gaps), "{text:?}");
    }
}

#[test]
fn what_nothing_knows_is_told_what_it_is_nearest_to() {
    let said = read(r#"{"SchemaVersion":2,"Resultate":[]}"#);
    let message = &said.gaps[0].message;
    assert!(message.contains("nearest to Trivy JSON") && message.contains("`ArtifactName`"), "{message}");
}

/// Everything of findings and components that people see, but for paths, which outputs escape.
fn texts(said: &super::Ingested) -> Vec<String> {
    let mut all: Vec<String> = said.gaps.iter().map(|gap| gap.message.clone()).chain(said.notes.clone()).collect();
    for component in &said.components {
        all.extend(
            [&component.purl, &component.name, &component.version].into_iter().chain(&component.licenses).cloned(),
        );
    }
    for finding in &said.findings {
        let rule = &finding.rule;
        all.extend(
            [&rule.id, &rule.title, &rule.description, &rule.help, &finding.message, &finding.rating.by]
                .map(Clone::clone),
        );
        all.extend(finding.remedy.iter().chain(&finding.resource).chain(&rule.url).cloned());
        all.extend(finding.sources.iter().flat_map(|source| [source.tool.clone(), source.rule.clone()]));
        if let Some(package) = &finding.package {
            all.extend([package.purl.clone(), package.name.clone(), package.version.clone()]);
            all.extend(package.fixed.iter().chain(&package.aliases).chain(&package.path).cloned());
        }
    }
    all
}

#[test]
fn no_report_drives_a_terminal() {
    let tools = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tools");
    let mut seen = 0;
    for file in ignore::Walk::new(tools).flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "json"))
    {
        let text = String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned();
        // Every text ends with an escape that clears the screen and a mark that turns the direction of writing.
        for (end, hostile) in [("\",", "\\u001b[2J\\u202e\","), ("\"\n", "\\u001b[2J\\u202e\"\n")] {
            let said = read(text.replace(end, hostile));
            let all = texts(&said);
            seen += said.findings.len() + said.components.len();
            let bad = all.iter().find(|text| text.contains(['\u{1b}', '\u{202e}']));
            assert!(bad.is_none(), "{}: {bad:?}", file.path().display());
        }
    }
    assert!(seen > 100, "{seen}");
}
