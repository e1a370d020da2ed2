//! Holds ranges to `git rev-list`, on histories with merges of several parents, criss-cross, renames and wrong clocks.

use std::collections::{BTreeSet, HashSet};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use scanall::history::{History, ObjectId, Scope};
use scanall::rule::pack;
use scanall::scanner::Cancel;
use scanall::scanner::secrets::matcher::Matcher;

use crate::environment::{Sandbox, places, token};
use crate::history::{Matches, RULES, Random};

/// Makes a repository with branches `c0`, `c1`, … for its commits, by `git fast-import`.
fn build(sandbox: &Sandbox, random: &mut Random, format: &str, commits: usize) {
    sandbox.git("", &["init", "-q", "-b", "main", format, "repo"]);
    let mut stream = String::new();
    let mut time = 1_700_000_000_usize;
    for commit in 0..commits {
        time += random.below(3);
        // Some clocks are a little behind.
        let now = time - if random.below(6) == 0 { random.below(4) } else { 0 };
        stream.push_str(&format!("commit refs/heads/c{commit}\nmark :{}\n", commit + 1));
        stream.push_str(&format!(
            "committer A <a@a.invalid> {now} +0000\ndata {}\nm{commit}\n",
            1 + commit.to_string().len()
        ));
        let mut parents = BTreeSet::new();
        // Now and then a root of its own, now and then a merge of several.
        let count = if commit == 0 || random.below(25) == 0 { 0 } else { 1 + random.below(5).saturating_sub(2) };
        parents.extend((0..count).map(|_| commit - random.below(commit.min(7))));
        for (number, parent) in parents.iter().rev().enumerate() {
            stream.push_str(&format!("{} :{parent}\n", if number == 0 { "from" } else { "merge" }));
        }
        for _ in 0..random.below(4) {
            let path = |random: &mut Random| format!("d{}/e{}/f{}", random.below(3), random.below(2), random.below(3));
            match random.below(8) {
                0 => stream.push_str(&format!("D {}\n", path(random))),
                1 => {
                    // Of a file that is not there git would say no more than that; so it is made first.
                    let (from, to) = (path(random), path(random));
                    stream.push_str(&format!("M 100644 inline {from}\ndata 3\nr{}\n\n", random.below(10)));
                    if from != to {
                        stream.push_str(&format!("R {from} {to}\n"));
                    }
                }
                _ => {
                    stream.push_str(&format!("M 100644 inline {}\ndata 4\nx{:02}\n\n", path(random), random.below(60)))
                }
            }
        }
        stream.push('\n');
    }
    let mut import = Command::new("git")
        .arg("-C")
        .arg(sandbox.path("repo"))
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

fn listed(sandbox: &Sandbox, args: &[&str]) -> HashSet<String> {
    let list = sandbox.git("repo", &[&["rev-list", "--objects", "--no-object-names"], args].concat());
    list.lines().map(str::to_owned).collect()
}

#[test]
fn ranges_are_those_of_git() {
    for (seed, format) in [(1, "--object-format=sha1"), (2, "--object-format=sha256"), (3, "--ref-format=reftable")] {
        let (sandbox, mut random) = (Sandbox::new(), Random(seed));
        build(&sandbox, &mut random, format, 70);
        for round in 0..40 {
            if round == 20 {
                sandbox.git("repo", &["repack", "-adq"]);
                sandbox.git("repo", &["pack-refs", "--all"]);
            }
            let (a, b) = (format!("c{}", random.below(70)), format!("c{}", random.below(70)));
            let dots = ["..", "..."][random.below(2)];
            let range = format!("{a}{dots}{b}");
            let history = History::open(&sandbox.path("repo/.git")).unwrap();
            let ours = history.range(&range).unwrap();
            assert_eq!(ours.gaps, Vec::<String>::new());
            let found: HashSet<String> = ours.texts.iter().chain(&ours.trees).map(ToString::to_string).collect();
            assert_eq!(found.len(), ours.texts.len() + ours.trees.len(), "{range}: something is listed twice");
            let theirs = listed(&sandbox, &[&range]);
            let commits = sandbox.git("repo", &["rev-list", &range]);
            // The commits next to the range: what they hold is known.
            let next_to = sandbox.git("repo", &["rev-list", "--boundary", &range]);
            let next_to = next_to.lines().filter_map(|line| line.strip_prefix('-'));
            let bases: Vec<&str> = if dots == ".." { vec![&a] } else { next_to.collect() };
            let before: HashSet<String> = match bases.is_empty() {
                true => HashSet::new(),
                false => listed(&sandbox, &bases),
            };
            for commit in commits.lines() {
                assert!(found.contains(commit), "{range} lacks commit {commit}");
            }
            for new in theirs.difference(&before) {
                assert!(found.contains(new), "{range} lacks {new}");
            }
            for ours in &found {
                assert!(theirs.contains(ours), "{range} has {ours}");
            }
        }
    }
}

#[test]
fn merge_bases_are_those_of_git() {
    let (mut several, mut none) = (0, 0);
    for (seed, format) in [(11, "--object-format=sha1"), (12, "--object-format=sha256")] {
        let (sandbox, mut random) = (Sandbox::new(), Random(seed));
        build(&sandbox, &mut random, format, 70);
        let history = History::open(&sandbox.path("repo/.git")).unwrap();
        for _ in 0..120 {
            let (a, b) = (format!("c{}", random.below(70)), format!("c{}", random.below(70)));
            let ours = history.merge_base(history.commit(&a).unwrap(), history.commit(&b).unwrap());
            let mut git = Command::new("git");
            // That there is none is said with an exit code.
            let said = git.arg("-C").arg(sandbox.path("repo")).args(["merge-base", "--all", &a, &b]).output().unwrap();
            let theirs = String::from_utf8(said.stdout).unwrap();
            let theirs: Vec<&str> = theirs.lines().collect();
            match ours {
                Some(id) => assert!(theirs.contains(&id.to_string().as_str()), "{a} {b}: {id} is not in {theirs:?}"),
                None => assert_eq!(theirs, Vec::<&str>::new(), "{a} {b}"),
            }
            several += usize::from(theirs.len() > 1);
            none += usize::from(theirs.is_empty());
        }
    }
    assert!(several > 3 && none > 3, "{several} {none}");
}

#[test]
fn a_range_finds_what_reading_each_object_finds() {
    let sandbox = Sandbox::new();
    crate::history::build(&sandbox, 21, 60);
    sandbox.git("repo", &["repack", "-adfq", "--depth=50", "--window=50"]);
    let matcher = Matcher::new(pack::read(RULES, "test").unwrap()).unwrap();
    let history = History::open(&sandbox.path("repo/.git")).unwrap();
    for text in ["HEAD~3..HEAD", "HEAD~20..HEAD", "HEAD~45..HEAD~5"] {
        let range = history.range(text).unwrap();
        let found = |delta: bool| {
            let all = Mutex::new(Matches::new());
            let coverage = history
                .scan(Scope::Range(&range), &matcher, delta, &Cancel::default(), &|_| (), &|_| (), &|object, found| {
                    all.lock().unwrap().insert(object.id.to_string(), found.matches.to_vec());
                })
                .unwrap();
            assert_eq!((coverage.objects, coverage.gaps), (range.texts.len() as u64, Vec::new()));
            all.into_inner().unwrap()
        };
        let (carried, whole) = (found(true), found(false));
        assert!(carried == whole && !whole.is_empty(), "{text}: {} and {}", carried.len(), whole.len());
        for id in &range.texts {
            let (_, bytes) = history.store().read(id).unwrap();
            let known = whole.get(&id.to_string()).cloned().unwrap_or_default();
            assert_eq!(matcher.scan(&bytes), known, "{text} {id}");
        }
    }
}

#[test]
fn origins_in_a_range_agree_with_git() {
    let (sandbox, mut random) = (Sandbox::new(), Random(5));
    build(&sandbox, &mut random, "--object-format=sha1", 60);
    sandbox.git("repo", &["update-ref", "refs/heads/main", "c59"]);
    let history = History::open(&sandbox.path("repo/.git")).unwrap();
    let mut seen = 0;
    for base in [20, 40, 50] {
        let text = format!("c{base}..main");
        let range = history.range(&text).unwrap();
        let wanted: HashSet<ObjectId> = range.texts.iter().copied().collect();
        let commits: HashSet<String> = sandbox.git("repo", &["rev-list", &text]).lines().map(str::to_owned).collect();
        let full = history.origins(&wanted).unwrap();
        for (id, origin) in history.origins_in(&range, &wanted) {
            assert!(commits.contains(&origin.commit.id), "{id} is said to be of {}", origin.commit.id);
            let hex = sandbox.git("repo", &["rev-parse", &format!("{}:{}", origin.commit.id, origin.path)]);
            assert_eq!(hex, id.to_string());
            let parents = sandbox.git("repo", &["rev-list", "--parents", "-n1", &origin.commit.id]);
            for parent in parents.split_whitespace().skip(1) {
                assert!(!sandbox.git("repo", &["ls-tree", "-r", parent]).contains(&hex));
            }
            assert_eq!((&origin.head, origin.reach), (&full[&id].head, full[&id].reach));
            assert_eq!(origin.removed.is_some(), origin.head.is_none());
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn every_way_to_name_a_revision() {
    for format in ["--ref-format=files", "--ref-format=reftable", "--object-format=sha256"] {
        let sandbox = Sandbox::new();
        sandbox.git("", &["init", "-q", "-b", "main", format, "r"]);
        for number in 0..4 {
            sandbox.write("r/f", number.to_string());
            sandbox.git("r", &["add", "."]);
            sandbox.git("r", &["commit", "-qm", "m"]);
        }
        sandbox.git("r", &["tag", "-am", "t", "v1", "HEAD~2"]);
        sandbox.git("r", &["tag", "-am", "t", "v2", "v1"]);
        sandbox.git("r", &["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
        sandbox.git("r", &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
        sandbox.git("r", &["worktree", "add", "-q", "-b", "side/x", "../w", "HEAD~1"]);
        let old = sandbox.git("r", &["rev-parse", "HEAD~2"]);
        let check = |folder: &str, git_dir: &str| {
            let history = History::open(&sandbox.path(git_dir)).unwrap();
            for (range, plain) in [
                ("HEAD~2..HEAD", ""),
                ("HEAD^^..", ""),
                ("..main", "nothing"),
                ("@~2..@", ""),
                ("v1..main", ""),
                ("v2^{}..refs/heads/main", ""),
                ("v1^{commit}..heads/main", ""),
                ("tags/v1..HEAD^0", ""),
                ("origin/main..main", ""),
                ("origin..main", ""),
                ("side/x...main", ""),
                ("HEAD^!", ""),
                (&format!("{old}..HEAD"), ""),
                (&format!("{}..HEAD", &old[..9].to_uppercase()), ""),
                (&format!("v1-0-g{}..HEAD", &old[..8]), ""),
                ("main..HEAD~1", "nothing"),
            ] {
                let ours = history.range(range).unwrap_or_else(|e| panic!("{format} {range}: {e} {:?}", e.hints()));
                let ours: BTreeSet<String> = ours.texts.iter().chain(&ours.trees).map(ToString::to_string).collect();
                let theirs = sandbox.git(folder, &["rev-list", "--objects", "--no-object-names", range]);
                assert_eq!(ours, theirs.lines().map(str::to_owned).collect(), "{format} {range}");
                assert!(plain == "nothing" || !ours.is_empty() || folder == "w", "{format} {range}");
            }
            for (wrong, says) in [
                ("nope..HEAD", "there is no branch, tag or commit `nope`"),
                ("HEAD~9..HEAD", "has no parent here"),
                ("HEAD^2..HEAD", "no parent number 2"),
                ("HEAD", "one end only"),
                ("..", "both of its ends"),
                ("a..b..c", "more than two ends"),
                ("../../x..HEAD", "more than two ends"),
                ("config..HEAD", "there is no branch"),
                ("HEAD~99999999999999999999..HEAD", "too large a number"),
                ("HEAD^{tree}..HEAD", "names no commit"),
                ("HEAD~1\u{e9}..HEAD", "out of place"),
            ] {
                let error = history.range(wrong).err().unwrap_or_else(|| panic!("{wrong}"));
                assert!(error.to_string().contains(says), "{wrong}: {error}");
                assert!(!error.hints().is_empty());
            }
        };
        check("r", "r/.git");
        check("w", "r/.git/worktrees/w");
        sandbox.git("r", &["gc", "-q"]);
        check("r", "r/.git");
    }
}

#[test]
fn no_text_is_too_strange() {
    let sandbox = Sandbox::new();
    build(&sandbox, &mut Random(4), "--object-format=sha1", 8);
    let history = History::open(&sandbox.path("repo/.git")).unwrap();
    let parts = [
        "^", "~", "@", "{", "}", ".", "..", "...", "c3", "c", "HEAD", "0", "2", "-g", "\u{e9}", ":", "/", "refs/", " ",
        "abcd", "\\", "\0",
    ];
    let mut random = Random(9);
    for _ in 0..2000 {
        let text: String = (0..1 + random.below(9)).map(|_| parts[random.below(parts.len())]).collect();
        if let Err(error) = history.range(&text) {
            assert!(!error.hints().is_empty(), "{text}");
        }
    }
}

#[test]
fn a_named_tag_is_read() {
    let sandbox = Sandbox::new();
    let secret = token("in a tag");
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    sandbox.git("r", &["commit", "-q", "--allow-empty", "-m", "one"]);
    sandbox.git("r", &["commit", "-q", "--allow-empty", "-m", "two"]);
    sandbox.git("r", &["tag", "-am", &format!("key {secret}"), "v1"]);
    let (report, code) = sandbox.report("r", &["--only", "secrets", "--history", "HEAD~1..v1"]);
    assert!(code == 1 && places(&report)[0].starts_with("secret/github-pat git/tag/"), "{:?}", places(&report));
    assert_eq!(sandbox.report("r", &["--only", "secrets", "--history", "v1..HEAD"]).1, 0);
}

#[test]
fn a_shallow_clone_says_what_a_range_lacks() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    for number in 0..5 {
        sandbox.git("r", &["commit", "-q", "--allow-empty", "-m", &number.to_string()]);
    }
    let url = format!("file://{}", sandbox.path("r").display());
    sandbox.git("", &["clone", "-q", "--depth=3", &url, "c"]);
    let run = |range: &str| sandbox.run(["c", "--only", "secrets", "--completeness", "strict", "--history", range]);
    let inside = run("HEAD~1..HEAD");
    assert_eq!((inside.code, inside.stdout.contains("shallow")), (0, false), "{}", inside.stdout);
    let base = sandbox.git("r", &["rev-parse", "HEAD~4"]);
    let beyond = run(&format!("{base}..HEAD"));
    let said = format!("{}{}", beyond.stdout, beyond.stderr);
    assert!(beyond.code != 0 && said.contains("fetch-depth: 0"), "{said}");
}
