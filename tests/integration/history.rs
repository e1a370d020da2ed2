//! Reads histories that real git made, and damaged ones: every way of reading finds the same, nothing panics.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use scanall::history::origin::Reach;
use scanall::history::{Coverage, History, ObjectId, Scope};
use scanall::rule::pack;
use scanall::scanner::Cancel;
use scanall::scanner::secrets::matcher::{Match, Matcher};

use crate::environment::{Run, Sandbox, token};

pub(crate) const RULES: &str = r#"
[[rule]]
id = "marker"
regex = '''\bMARK_(?P<secret>[A-Z0-9]{4,12})\b'''
keywords = ["mark_"]
[[rule]]
id = "assigned"
regex = '''(?i)[\w.-]{0,20}?(?:key|token)[ \w]{0,8}[:=] ?(?P<secret>[a-z0-9]{6,40})\b'''
keywords = ["key", "token"]
"#;

pub(crate) type Matches = BTreeMap<String, Vec<Match>>;

fn scan(git_dir: &Path, delta: bool) -> (Matches, Coverage) {
    let matcher = Matcher::new(pack::read(RULES, "test").unwrap()).unwrap();
    let all = Mutex::new(Matches::new());
    let history = History::open(git_dir).unwrap();
    let coverage = history
        .scan(Scope::All, &matcher, delta, &Cancel::default(), &|_| (), &|_| (), &|object, found| {
            let before = all.lock().unwrap().insert(object.id.to_string(), found.matches.to_vec());
            assert_eq!(before, None, "{} was told twice", object.id);
        })
        .unwrap();
    (all.into_inner().unwrap(), coverage)
}

/// The same by libgit2, object by object.
fn oracle(git_dir: &Path) -> (Matches, u64) {
    let matcher = Matcher::new(pack::read(RULES, "test").unwrap()).unwrap();
    let repository = git2::Repository::open(git_dir).unwrap();
    let odb = repository.odb().unwrap();
    let mut ids = HashSet::new();
    odb.foreach(|id| {
        ids.insert(*id);
        true
    })
    .unwrap();
    let (mut found, mut count) = (Matches::new(), 0);
    for id in ids {
        let object = odb.read(id).unwrap();
        if object.kind() != git2::ObjectType::Tree {
            count += 1;
            let matches = matcher.scan(object.data());
            if !matches.is_empty() {
                found.insert(id.to_string(), matches);
            }
        }
    }
    (found, count)
}

/// A small generator of numbers: the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn line(&mut self) -> String {
        let words =
            ["let", "key", "token", "MARK_", "= ", ": ", "value", "ab12cd34", "ABCD12", "x", "if", "    ", "keys"];
        (0..1 + self.below(9))
            .map(|_| words[self.below(words.len())])
            .collect::<Vec<_>>()
            .join(["", " "][self.below(2)])
    }
}

/// Commits random edits, renames and merges of a few files.
pub(crate) fn build(sandbox: &Sandbox, seed: u64, commits: usize) {
    let mut random = Random(seed);
    sandbox.write("repo/README", "start");
    sandbox.git("repo", &["init", "-q", "-b", "main", "."]);
    for commit in 0..commits {
        let path = format!("repo/d{}/f{}", random.below(3), random.below(4));
        let old = std::fs::read_to_string(sandbox.path(&path)).unwrap_or_default();
        let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
        if lines.is_empty() {
            lines = (0..120).map(|_| random.line()).collect();
        }
        for _ in 0..1 + random.below(4) {
            let at = random.below(lines.len());
            match random.below(3) {
                0 => drop(lines.remove(at)),
                1 => lines[at] = random.line(),
                _ => lines.insert(at, random.line()),
            }
            lines.push("end".to_owned());
        }
        sandbox.write(&path, lines.join("\n"));
        sandbox.git("repo", &["add", "-A"]);
        let message = format!("{} {commit}", random.line().replace('-', ""));
        sandbox.git("repo", &["commit", "-q", "--allow-empty", "-m", &message]);
        if random.below(8) == 0 {
            sandbox.git("repo", &["tag", "-a", &format!("t{commit}"), "-m", "tag MARK_TAG1"]);
        }
        if random.below(9) == 0 {
            let branch = format!("b{commit}");
            sandbox.git("repo", &["checkout", "-q", "-b", &branch, "HEAD~1"]);
            sandbox.write(&format!("repo/side{commit}"), random.line());
            sandbox.git("repo", &["add", "-A"]);
            sandbox.git("repo", &["commit", "-q", "-m", "side"]);
            sandbox.git("repo", &["checkout", "-q", "main"]);
            sandbox.git("repo", &["merge", "-q", "-m", "merge", &branch]);
        }
        if commit == commits / 2 {
            sandbox.git("repo", &["repack", "-q", "-d"]);
        }
    }
}

fn agree(git_dir: &Path, how: &str) {
    let (expected, count) = oracle(git_dir);
    assert!(expected.len() > 10, "{how}");
    for delta in [true, false] {
        let (found, coverage) = scan(git_dir, delta);
        assert_eq!(coverage.gaps, Vec::<String>::new(), "{how}");
        assert_eq!(coverage.objects, count, "{how}");
        assert!(found == expected, "{how}, delta {delta}: {} objects, not {}", found.len(), expected.len());
    }
}

#[test]
fn every_way_of_reading_finds_the_same() {
    for seed in 1..4 {
        let sandbox = Sandbox::new();
        build(&sandbox, seed, 60);
        let git_dir = sandbox.path("repo/.git");
        agree(&git_dir, "a pack and loose objects");
        sandbox.git("repo", &["repack", "-q"]);
        agree(&git_dir, "two packs");
        sandbox.git("repo", &["multi-pack-index", "write"]);
        let index = std::fs::read_dir(git_dir.join("objects/pack")).unwrap().flatten();
        let index = index.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "idx")).unwrap();
        let hidden = index.with_extension("hidden");
        let before = scan(&git_dir, true);
        std::fs::rename(&index, &hidden).unwrap();
        assert!(scan(&git_dir, true) == before, "a pack that only the multi-pack index lists");
        std::fs::rename(&hidden, &index).unwrap();
        for options in [
            &["--depth=50", "--window=50"][..],
            &["--depth=4095", "--window=5"],
            &["--depth=1", "--window=2"],
            &["--depth=0", "--window=0"],
        ] {
            sandbox.git("repo", &[&["repack", "-adfq"], options].concat());
            agree(&git_dir, &format!("{options:?}"));
        }
        let pack = pack_file(&git_dir);
        sandbox.git("repo", &["index-pack", "--index-version=1", pack.to_str().unwrap()]);
        agree(&git_dir, "an index of version 1");
        sandbox.git("repo", &["pack-objects", "-q", "--all", "--no-reuse-delta", ".git/objects/pack/refdelta"]);
        agree(&git_dir, "every object twice");
        sandbox.git(".", &["clone", "-q", "--shared", "repo", "other"]);
        sandbox.write("other/new", "MARK_NEWFILE1");
        sandbox.git("other", &["add", "-A"]);
        sandbox.git("other", &["commit", "-qm", "new"]);
        agree(&sandbox.path("other/.git"), "an alternate");
        sandbox.git("repo", &["worktree", "add", "-q", "../linked"]);
        agree(&sandbox.path("repo/.git/worktrees/linked"), "a linked working tree");
    }
}

fn pack_file(git_dir: &Path) -> PathBuf {
    let files = std::fs::read_dir(git_dir.join("objects/pack")).unwrap().flatten().map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "pack"))
        .max_by_key(|p| p.metadata().unwrap().len())
        .unwrap()
}

#[test]
fn damage_anywhere_is_a_gap_or_loses_nothing() {
    let sandbox = Sandbox::new();
    build(&sandbox, 7, 12);
    sandbox.git("repo", &["repack", "-adfq", "--depth=20"]);
    let git_dir = sandbox.path("repo/.git");
    let (whole, coverage) = scan(&git_dir, true);
    let pack = pack_file(&git_dir);
    let index = pack.with_extension("idx");
    let texts = |found: &Matches| {
        let mut texts: Vec<_> = found.values().cloned().collect();
        texts.sort_by_key(|matches| format!("{matches:?}"));
        texts
    };
    let mut harmless = 0;
    for file in [&pack, &index] {
        let good = std::fs::read(file).unwrap();
        std::fs::remove_file(file).unwrap();
        let mut random = Random(3);
        for round in 0..150 {
            let mut bad = good.clone();
            match round % 3 {
                0 => bad.truncate(random.below(good.len())),
                // The first bytes are headers and the fan-out table.
                1 => bad[random.below(1100.min(good.len()))] ^= 1 << random.below(8),
                _ => (0..3).for_each(|_| bad[random.below(good.len())] = random.below(256) as u8),
            }
            std::fs::write(file, &bad).unwrap();
            let (found, seen) = scan(&git_dir, round % 2 == 0);
            if seen.gaps.is_empty() {
                // Nothing is lost, though an id may be another one than before.
                assert_eq!(texts(&found), texts(&whole), "round {round}");
                assert_eq!((seen.objects, seen.bytes), (coverage.objects, coverage.bytes), "round {round}");
                harmless += 1;
            }
        }
        std::fs::write(file, &good).unwrap();
    }
    assert!((50..200).contains(&harmless), "an index can be done without, a pack cannot: {harmless}");
    assert!(scan(&git_dir, true) == (whole, coverage));
}

#[test]
fn sha256_is_read_and_has_origins() {
    let sandbox = Sandbox::new();
    sandbox.write("repo/a", "MARK_FIRST1");
    sandbox.git("repo", &["init", "-q", "--object-format=sha256", "."]);
    sandbox.git("repo", &["add", "-A"]);
    sandbox.git("repo", &["commit", "-qm", "one"]);
    sandbox.git("repo", &["gc", "-q"]);
    let git_dir = sandbox.path("repo/.git");
    let (found, coverage) = scan(&git_dir, true);
    assert_eq!((found.len(), coverage.gaps), (1, Vec::new()));
    let id = ObjectId::from_hex(found.keys().next().unwrap().as_bytes()).unwrap();
    let origins = History::open(&git_dir).unwrap().origins(&HashSet::from([id])).unwrap();
    assert_eq!(origins[&id].path.as_str(), "a");
    assert_eq!(origins[&id].commit.id, sandbox.git("repo", &["rev-parse", "HEAD"]));
}

#[test]
fn origins_agree_with_git() {
    let sandbox = Sandbox::new();
    build(&sandbox, 11, 40);
    sandbox.git("repo", &["repack", "-adfq"]);
    let git_dir = sandbox.path("repo/.git");
    let history = History::open(&git_dir).unwrap();
    let list = sandbox.git(
        "repo",
        &[
            "rev-list",
            "--objects",
            "--all",
            "--no-object-names",
            "--filter=object:type=blob",
            "--filter-provided-objects",
        ],
    );
    let blobs: HashSet<ObjectId> = list.lines().map(|hex| ObjectId::from_hex(hex.as_bytes()).unwrap()).collect();
    let origins = history.origins(&blobs).unwrap();
    assert_eq!(origins.len(), blobs.len());
    let at_head = sandbox.git("repo", &["ls-tree", "-r", "HEAD"]);
    let at_head: HashSet<&str> = at_head.lines().map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    for (id, origin) in &origins {
        let hex = id.to_string();
        let tree = sandbox.git("repo", &["rev-parse", &format!("{}:{}", origin.commit.id, origin.path)]);
        assert_eq!(tree, hex, "the path holds the blob");
        let parents = sandbox.git("repo", &["rev-list", "--parents", "-n1", &origin.commit.id]);
        for parent in parents.split_whitespace().skip(1) {
            assert!(!sandbox.git("repo", &["ls-tree", "-r", parent]).contains(&hex), "{hex} is in a parent, too");
        }
        assert_eq!(origin.head.is_some(), at_head.contains(hex.as_str()));
        assert_eq!(origin.removed.is_none(), origin.head.is_some());
        if let Some(removed) = &origin.removed {
            assert!(!sandbox.git("repo", &["ls-tree", "-r", &removed.id]).contains(&hex));
            let before = sandbox.git("repo", &["rev-list", "--parents", "-n1", &removed.id]);
            let held = before.split_whitespace().skip(1);
            assert!(held.into_iter().any(|parent| sandbox.git("repo", &["ls-tree", "-r", parent]).contains(&hex)));
        }
        assert!(origin.commits >= 1 && !origin.paths.is_empty() && origin.reach == Reach::Reference);
        assert_eq!(origin.commit.date, "2026-04-01T08:00:00+00:00");
    }
}

/// The whole report of a scan, but for its times.
fn report_of(sandbox: &Sandbox, path: &Path, more: &[&str]) -> String {
    let mut command = sandbox.command();
    command.args(["scan", "--offline", "--only", "secrets", "--no-cache", "--format", "json"]).args(more).arg(path);
    let run = Run::of(&mut command);
    let times = regex::Regex::new(r#""seconds": ?[0-9.e-]+"#).unwrap();
    times.replace_all(&run.stdout, "").into_owned()
}

#[test]
fn without_deltas_the_report_is_the_same_byte_for_byte() {
    for (seed, repack) in [(21, "--depth=50 --window=10"), (22, "--depth=3 --window=250"), (23, "--depth=0 --window=2")]
    {
        let sandbox = Sandbox::new();
        build(&sandbox, seed, 25);
        for at in 0..4 {
            sandbox.write(&format!("repo/s{at}"), format!("a\nb = {}\n{}", token(&at.to_string()), "x\n".repeat(99)));
            sandbox.git("repo", &["add", "-A"]);
            sandbox.git("repo", &["commit", "-qm", "secret"]);
            sandbox.git("repo", &["mv", &format!("s{at}"), &format!("t{at}")]);
            sandbox.write(&format!("repo/t{at}"), format!("b = {}\n{}", token(&at.to_string()), "x\n".repeat(98)));
            sandbox.git("repo", &["commit", "-qam", "move"]);
        }
        let arguments: Vec<&str> = ["repack", "-qadf"].into_iter().chain(repack.split(' ')).collect();
        sandbox.git("repo", &arguments);
        let repository = sandbox.path("repo");
        let (delta, whole) = (report_of(&sandbox, &repository, &[]), report_of(&sandbox, &repository, &["--no-delta"]));
        assert!(delta.matches("secret/github-pat").count() >= 4, "{delta}");
        assert_eq!(delta, whole, "{repack}");
    }
    // And the repository that this is the source of, if it is one.
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    if own.join(".git").exists() {
        let sandbox = Sandbox::new();
        assert_eq!(report_of(&sandbox, own, &[]), report_of(&sandbox, own, &["--no-delta"]));
    }
}
