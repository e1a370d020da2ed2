//! How long a store takes to make, to open and to ask, beside reading every record for each question, as is done
//! without one: `cargo bench --bench advisories -- FILE`, where FILE holds a record of OSV in each line, compressed or
//! not. Without a file, records are made up.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints what it measured")]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use scanall::advisories::import::Gathered;
use scanall::advisories::matching::{Asked, ask};
use scanall::advisories::store::build::{Input, build};
use scanall::advisories::{Store, osv};
use scanall::ecosystem::Ecosystem;

/// So many packages are asked about.
const PACKAGES: usize = 1000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let file = given.map_or_else(|| made_up(folder.path()), Into::into);
    let lines = lines(&file);

    let start = Instant::now();
    let mut gathered = Gathered::default();
    gathered.read(&file).unwrap();
    let records = gathered.records;
    let bytes = build(Input { records: records.clone(), ..Input::default() });
    let made = start.elapsed();
    let path = folder.path().join("advisories.store");
    std::fs::write(&path, bytes).unwrap();

    let opened = best(|| drop(Store::open(&path).unwrap()));
    let store = Store::open(&path).unwrap();
    let (size, core) = store.size();
    let count = store.meta().advisories;

    let asked: Vec<(Ecosystem, String)> = records
        .iter()
        .flat_map(|(record, _)| &record.packages)
        .filter_map(|package| Some((package.family()?, package.name.clone())))
        .step_by((records.len() / PACKAGES).max(1))
        .take(PACKAGES)
        .collect();
    let questions =
        || asked.iter().map(|(ecosystem, name)| Asked { ecosystem: *ecosystem, release: "", name, version: "1.0.0" });
    let mut hits = 0;
    let matched = best(|| hits = questions().map(|asked| ask(&store, asked).unwrap().hits.len()).sum());
    let parsed = best(|| {
        let affected = |line: &Vec<u8>| osv::from_json(line).is_ok_and(|said| said.record.is_some());
        assert!(lines.iter().filter(|line| affected(line)).count() >= count);
    });

    println!("{count} advisories, {:.1} MB, {:.1} bytes each to match", size as f64 / 1e6, core as f64 / count as f64);
    println!("made of {:.1} MB of JSON in {}", lines.iter().map(Vec::len).sum::<usize>() as f64 / 1e6, shown(made));
    println!("opened in {}", shown(opened));
    println!("{} packages in {}, {hits} hits", asked.len(), shown(matched));
    let (with, without) = (opened + matched, parsed + matched);
    println!(
        "reading every record instead: {}, {:.0} times as long",
        shown(parsed),
        without.as_secs_f64() / with.as_secs_f64()
    );
}

/// The shortest of five times.
fn best(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..5).map(once).min().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn lines(file: &Path) -> Vec<Vec<u8>> {
    let reader = std::fs::File::open(file).unwrap();
    let reader: Box<dyn Read> = match file.extension().is_some_and(|end| end == "gz") {
        true => Box::new(flate2::read::MultiGzDecoder::new(reader)),
        false => Box::new(reader),
    };
    BufReader::new(reader).split(b'\n').map(Result::unwrap).filter(|line| !line.is_empty()).collect()
}

fn made_up(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("records.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for number in 0..20_000 {
        let (package, major) = (number / 4, number % 7);
        let severity = r#"[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]"#;
        let events = format!(r#"[{{"introduced": "0"}}, {{"fixed": "{major}.{package}.1"}}]"#);
        let affected = format!(
            r#"[{{"package": {{"ecosystem": "npm", "name": "package-{package}"}}, "ranges": [{{"type": "SEMVER", "events": {events}}}]}}]"#
        );
        let head =
            format!(r#""id": "GO-2026-{number:04}", "aliases": ["CVE-2026-{number}"], "summary": "Number {number}""#);
        let details = "Words about it. ".repeat(60);
        writeln!(file, r#"{{{head}, "details": "{details}", "severity": {severity}, "affected": {affected}}}"#)
            .unwrap();
    }
    path
}
