//! A repeated scan reads only what is new, and says the same as one that reads everything.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, token};
use crate::history::{Random, build};

/// Findings of a scan with a cache, after a comparison with those of one without.
fn scan(sandbox: &Sandbox, more: &[&str]) -> (Value, String) {
    let (cached, whole) = (report(sandbox, more).0, report(sandbox, &[more, &["--no-cache"]].concat()).0);
    assert_eq!(cached["findings"], whole["findings"]);
    (cached["findings"].clone(), layer(&cached, "secrets")["notes"].to_string())
}

fn report(sandbox: &Sandbox, more: &[&str]) -> (Value, i32) {
    let mut command = sandbox.command();
    command.env("XDG_CACHE_HOME", sandbox.path("cache"));
    let run = Run::of(command.args(["scan", "repo", "--offline", "--only", "secrets", "--format", "json"]).args(more));
    (serde_json::from_str(&run.stdout).unwrap(), run.code)
}

/// A repository with a few objects in which nothing is found.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "repo"]);
    (0..9).for_each(|at| commit(&sandbox, "other", &format!("{at}\n")));
    sandbox
}

fn caches(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = fs::read_dir(sandbox.path("cache/scanall/history")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

fn commit(sandbox: &Sandbox, file: &str, text: &str) {
    sandbox.write(&format!("repo/{file}"), text);
    sandbox.git("repo", &["add", "-A"]);
    sandbox.git("repo", &["commit", "-qm", "change"]);
}

#[test]
fn whatever_happens_to_a_repository_a_cached_scan_says_the_same() {
    let sandbox = Sandbox::new();
    build(&sandbox, 5, 12);
    let mut random = Random(11);
    let mut known = 0;
    for step in 0..14 {
        match random.below(7) {
            0 => drop(sandbox.git("repo", &["gc", "-q", "--prune=now"])),
            1 => drop(sandbox.git("repo", &["reset", "-q", "--hard", "HEAD~1"])),
            2 => drop(sandbox.git("repo", &["checkout", "-q", "-B", &format!("x{step}"), "HEAD~2"])),
            3 => drop(sandbox.git("repo", &["reflog", "expire", "--expire=now", "--all"])),
            4 => drop(sandbox.git("repo", &["repack", "-qd"])),
            _ => commit(&sandbox, &format!("new{step}"), &format!("a = {}\n", token(&format!("{}", random.below(4))))),
        }
        let (found, _) = scan(&sandbox, &[]);
        let (again, notes) = scan(&sandbox, &[]);
        assert_eq!(found, again);
        known += usize::from(notes.contains("known from an earlier scan"));
    }
    assert!(known > 10, "{known}");
    assert_eq!(caches(&sandbox).len(), 1);
}

#[test]
fn nothing_of_a_secret_is_in_the_cache() {
    let sandbox = repository();
    let secret = token("one");
    commit(&sandbox, "file", &format!("{secret}\n"));
    commit(&sandbox, "file", "clean\n");
    assert_eq!(scan(&sandbox, &[]).0.as_array().unwrap().len(), 1);
    for cache in caches(&sandbox) {
        let bytes = fs::read(&cache).unwrap();
        let parts = secret.as_bytes().windows(8);
        assert!(parts.into_iter().all(|part| !bytes.windows(8).any(|window| window == part)), "{}", cache.display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o077, 0, "its owner's alone");
        }
    }
}

#[test]
fn other_rules_read_everything_again() {
    let sandbox = repository();
    commit(&sandbox, "file", "MARK-123456\n");
    commit(&sandbox, "file", "clean\n");
    assert_eq!(scan(&sandbox, &[]).0, Value::Array(Vec::new()));
    let rules = sandbox.write("rules.toml", "[[rule]]\nid = 'mark'\nregex = 'MARK-[0-9]{6}'\n");
    let (found, notes) = scan(&sandbox, &["--rules", rules.to_str().unwrap()]);
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert!(!notes.contains("earlier scan"), "{notes}");
}

#[test]
fn a_damaged_cache_is_discarded_with_a_notice() {
    let sandbox = repository();
    commit(&sandbox, "file", &token("one"));
    let (found, _) = scan(&sandbox, &[]);
    let cache = caches(&sandbox).remove(0);
    let whole = fs::read(&cache).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [flipped, whole[..whole.len() - 9].to_vec(), Vec::new()] {
        fs::write(&cache, damaged).unwrap();
        let (again, notes) = scan(&sandbox, &[]);
        assert_eq!(again, found);
        assert!(notes.contains("the cache of an earlier scan was discarded: it is damaged"), "{notes}");
        assert!(scan(&sandbox, &[]).1.contains("known from an earlier scan"), "it was written anew");
    }
}

#[test]
fn a_scan_with_gaps_is_not_remembered() {
    let sandbox = repository();
    commit(&sandbox, "file", &token("one"));
    let id = sandbox.git("repo", &["rev-parse", "HEAD:file"]);
    let object = sandbox.path(&format!("repo/.git/objects/{}/{}", &id[..2], id[2..].trim()));
    let whole = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    fs::write(&object, &whole[..whole.len() / 2]).unwrap();
    for _ in 0..2 {
        assert_eq!(report(&sandbox, &[]).1, 3);
    }
    fs::write(&object, whole).unwrap();
    assert_eq!(scan(&sandbox, &[]).0.as_array().unwrap().len(), 1);
}
