use std::io::Write as _;

use super::*;

const RECORD: &str = r#"{"id": "GHSA-2222-3333-4444", "modified": "2026-01-02T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "clock"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}"#;
const YAML: &str = "id: PYSEC-2026-1\naffected:\n- package: {ecosystem: PyPI, name: clock}\n  versions: ['1.0']\n";
const MARKDOWN: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"clock\"\ndate = \"2026-01-01\"\n[versions]\npatched = []\n```\n# Stopped\n";

const RUBY: &str = "gem: clock\ncve: 2026-7\ntitle: x\nurl: y\npatched_versions: ['>= 2']\n";
const PHP: &str =
    "title: x\ncve: CVE-2026-8\nbranches: {1.x: {time: ~, versions: ['<1.2']}}\nreference: composer://acme/clock\n";

fn ids(gathered: &Gathered) -> Vec<&str> {
    let mut ids: Vec<&str> = gathered.records.iter().map(|(record, _)| record.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

fn read(path: &Path) -> Gathered {
    let mut gathered = Gathered::default();
    gathered.read(path).unwrap();
    gathered
}

/// A tree of every kind, with things that are no advisories and one that means to be.
fn tree(root: &Path) {
    for (path, text) in [
        ("osv/a.json", RECORD),
        ("vulns/clock/PYSEC-2026-1.yaml", YAML),
        ("db/crates/clock/RUSTSEC-2026-9999.md", MARKDOWN),
        ("db/rust/std/RUSTSEC-2026-9998.md", MARKDOWN),
        ("gems/clock/CVE-2026-7.yml", RUBY),
        ("rubies/ruby/CVE-2026-7.yml", "engine: ruby\ntitle: x\n"),
        ("acme/clock/CVE-2026-8.yaml", PHP),
        ("package.json", "{\"name\": \"x\"}"),
        (".github/workflows/ci.yml", "on: push\n"),
        ("README.md", "# x"),
        ("gems/clock/bad.yml", "gem: clock\ntitle: x\npatched_versions: ['^2']\n"),
        ("acme/clock/bad.yaml", "reference: composer://acme/clock\n"),
        ("osv/bad.json", "{\"id\": \"X-1\", \"affected\": 7}"),
        (".git/x.json", RECORD),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn a_tree_and_archives_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tree");
    tree(&root);
    let expected = [
        "FRIENDSOFPHP-acme--clock-CVE-2026-8",
        "GHSA-2222-3333-4444",
        "PYSEC-2026-1",
        "RUBYSEC-clock-CVE-2026-7",
        "RUSTSEC-2026-9999",
    ];
    let gathered = read(&root);
    assert_eq!((ids(&gathered), gathered.unreadable), (expected.to_vec(), 3));
    assert!(
        gathered.trouble().unwrap().starts_with("3 advisories could not be read, the first is `acme/clock/bad.yaml`")
    );
    let sources = gathered.records.iter().map(|(_, source)| source.as_str());
    assert_eq!(sources.collect::<Vec<_>>(), ["FriendsOfPHP", "RustSec", "RubySec", "GitHub", "PyPA"]);
    assert!(gathered.newest_file > 0);

    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    tar.append_dir_all("tree", &root).unwrap();
    let tgz = folder.path().join("tree.tar.gz");
    fs::write(&tgz, tar.into_inner().unwrap().finish().unwrap()).unwrap();
    assert_eq!(read(&tgz).records.len(), 6, "an archive has the folder of git, too");

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("GHSA.json", RECORD), ("../../evil.json", RECORD), ("x.txt", "x"), ("bad.json", "{\"id\"")] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let path = folder.path().join("all.zip");
    fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    let gathered = read(&path);
    assert_eq!((gathered.records.len(), fs::read_dir(folder.path()).unwrap().count()), (2, 3), "nothing is unpacked");
}

#[test]
fn lines_and_lists() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let lines = format!("{RECORD}\n\n{{\"id\": \n{}\n", RECORD.replace("GHSA-2222", "GHSA-5555"));
    let gathered = read(&write("a.jsonl", lines.as_bytes()));
    assert_eq!((gathered.records.len(), gathered.unreadable), (2, 1));
    assert!(gathered.named[0].contains("a.jsonl line 3"), "{:?}", gathered.named);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines.as_bytes()).unwrap();
    assert_eq!(read(&write("a.jsonl.gz", &gzip.finish().unwrap())).records.len(), 2);
    assert_eq!(read(&write("list.json", format!("[{RECORD}, {RECORD}]").as_bytes())).records.len(), 2);

    let kev = r#"{"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10"}]}"#;
    assert_eq!(read(&write("kev.json", kev.as_bytes())).exploited.kev.unwrap().entries.len(), 1);
    let epss = "#score_date:2026-08-20T12:55:00Z\ncve,epss,percentile\nCVE-2021-44228,0.9,0.9\n";
    assert_eq!(read(&write("epss.csv", epss.as_bytes())).exploited.epss.unwrap().entries.len(), 1);
    for (name, text) in [("x.txt", "x"), ("x.zip", "x"), ("x.tar.gz", "x"), ("x.csv", "x")] {
        assert!(Gathered::default().read(&write(name, text.as_bytes())).is_err(), "{name}");
    }
    assert!(Gathered::default().read(&folder.path().join("none")).is_err());
}
