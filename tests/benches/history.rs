//! Times each stage of a history scan: `cargo bench --bench history -- REPOSITORY [RULES [whole]]`.
//!
//! `floor` inflates and rebuilds every text and does nothing with it; the other stages include it. Wall and CPU time in
//! seconds, the peak of anonymous memory in MiB (which mapped packs are not part of).
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench talks to a terminal and may fail loudly")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use scanall::history::walk::{Seen, Whole};
use scanall::history::{History, Scope, Type};
use scanall::rule::pack;
use scanall::scanner::Cancel;
use scanall::scanner::secrets::matcher::Matcher;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let Some(repository) = arguments.first() else {
        println!("usage: cargo bench --bench history -- REPOSITORY [RULES]");
        return;
    };
    let rules = match arguments.get(1) {
        Some(folder) => pack::load(Path::new(folder)).unwrap(),
        None => pack::embedded(),
    };
    println!("{} rules{:26}{:>9}{:>9}{:>9}", rules.len(), "", "wall s", "cpu s", "MiB");
    let history = History::open(Path::new(repository)).unwrap();
    let count = stage("index", || history.objects().count());
    println!("{count} objects");
    let walked =
        stage("floor: blobs", || history.objects().walk(&[Type::Blob], &Whole(|_: &Seen<'_>, _: &[u8]| ()), &|_| ()));
    println!("{} blobs, {} bytes", walked.objects, walked.bytes);
    stage("floor: trees", || history.objects().walk(&[Type::Tree], &Whole(|_: &Seen<'_>, _: &[u8]| ()), &|_| ()));
    let cancel = Cancel::default();
    let words = Matcher::keywords_only(&rules).unwrap();
    stage("keywords", || history.scan(Scope::All, &words, true, &cancel, &|_| (), &|_| (), &|_, _| ()).unwrap());
    let matcher = Matcher::new(rules).unwrap();
    let scan = |delta| {
        let found = Mutex::new(BTreeMap::new());
        let coverage = history.scan(Scope::All, &matcher, delta, &cancel, &|_| (), &|_| (), &|object, text| {
            let seen = text.matches.iter().map(|m| (text.way.to_owned(), m.rule, m.secret.clone()));
            found.lock().unwrap().entry(object.id).or_insert_with(Vec::new).extend(seen);
        });
        (found.into_inner().unwrap(), coverage.unwrap())
    };
    let (found, coverage) = stage("keywords and confirm", || scan(true));
    let matches: usize = found.values().map(Vec::len).sum();
    println!("{matches} matches in {} objects; {coverage:?}", found.len());
    if arguments.get(2).is_some_and(|word| word == "whole") {
        let whole = stage("every object whole", || scan(false));
        println!("the same: {}", whole == (found.clone(), coverage));
    }
    let blobs: HashSet<_> = found.into_keys().collect();
    let origins = stage("origin", || history.origins(&blobs)).unwrap();
    println!("{} origins", origins.len());
}

fn stage<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let peak = scope.spawn(|| {
            let mut peak = 0;
            while !done.load(Ordering::Relaxed) {
                peak = peak.max(anonymous());
                std::thread::sleep(Duration::from_millis(5));
            }
            peak
        });
        let (start, before) = (Instant::now(), cpu());
        let result = work();
        let (wall, used) = (start.elapsed().as_secs_f64(), cpu() - before);
        done.store(true, Ordering::Relaxed);
        println!("{name:35}{wall:>9.2}{used:>9.2}{:>9}", peak.join().unwrap() / 1024);
        result
    })
}

/// CPU seconds of this process so far.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Anonymous resident memory in KiB.
fn anonymous() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
