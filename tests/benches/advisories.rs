//! How long a store takes to make, to open and to ask, beside reading every record for each question, as is done
//! without one: `cargo bench --bench advisories -- FILE`, where FILE holds a record of OSV in each line, compressed or
//! not. Without a file, records are made up.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints what it measured")]

use std::collections::BTreeSet;
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
/// Of an ordinary project, one of so many packages has advisories.
const USUAL: usize = 20;

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

    // Each of them has advisories, which is the worst that a project can do; and beside them a project as most are.
    let known: BTreeSet<(Ecosystem, String)> = records
        .iter()
        .flat_map(|(record, _)| &record.packages)
        .filter_map(|package| Some((package.family()?, package.name.clone())))
        .collect();
    let step = (known.len() / PACKAGES).max(1);
    let known: Vec<(Ecosystem, String)> = known.into_iter().step_by(step).take(PACKAGES).collect();
    let unheard = |at: usize| (known[at].0, format!("{}-unheard-of", known[at].1));
    let usual: Vec<(Ecosystem, String)> =
        (0..known.len()).map(|at| if at % USUAL == 0 { known[at].clone() } else { unheard(at) }).collect();
    let ask_all = |packages: &[(Ecosystem, String)]| -> usize {
        let asked = |(ecosystem, name): &(Ecosystem, String)| {
            let asked = Asked { ecosystem: *ecosystem, release: "", name, version: "1.0.0" };
            ask(&store, asked).unwrap().hits.len()
        };
        packages.iter().map(asked).sum()
    };
    let mut hits = [0, 0];
    let matched = best(|| hits[0] = ask_all(&known));
    let matched_usual = best(|| hits[1] = ask_all(&usual));
    let parsed = best(|| {
        let affected = |line: &Vec<u8>| osv::from_json(line).is_ok_and(|said| said.record.is_some());
        assert!(lines.iter().filter(|line| affected(line)).count() >= count);
    });

    println!("{count} advisories, {:.1} MB, {:.1} bytes each to match", size as f64 / 1e6, core as f64 / count as f64);
    println!("made of {:.1} MB of JSON in {}", lines.iter().map(Vec::len).sum::<usize>() as f64 / 1e6, shown(made));
    println!("opened in {}", shown(opened));
    println!("{} packages with advisories in {}, {} hits", known.len(), shown(matched), hits[0]);
    println!("{} packages, one of {USUAL} with advisories, in {}, {} hits", usual.len(), shown(matched_usual), hits[1]);
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
