//! What a repository does not hold, or holds where it is easily passed by: it is found, or it is told.

use scanall::history::ObjectId;
use scanall::history::store::Store;

use serde_json::Value;

use crate::environment::{Sandbox, layer, places, token};

const SECRETS: [&str; 2] = ["--only", "secrets"];

fn gaps(report: &Value) -> Vec<String> {
    let gaps = layer(report, "secrets")["gaps"].as_array().unwrap();
    gaps.iter().map(|gap| format!("{}: {}", gap["message"], gap["hint"])).collect()
}

fn commit(sandbox: &Sandbox, repository: &str, text: &str) {
    sandbox.write(&format!("{repository}/file"), text);
    sandbox.git(repository, &["add", "-A"]);
    sandbox.git(repository, &["commit", "-qm", "change"]);
}

/// Every file below a folder, with its length.
fn files(sandbox: &Sandbox, folder: &str) -> Vec<(std::path::PathBuf, u64)> {
    let mut open = vec![sandbox.path(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        match path.is_dir() {
            true => open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path())),
            false => found.push((path.clone(), path.metadata().unwrap().len())),
        }
    }
    found.sort();
    found
}

#[test]
fn a_partial_clone_says_what_it_has_left_out_and_fetches_nothing() {
    for (filter, left_out) in [("blob:none", "2 files and 0 folders"), ("tree:0", "0 files and 2 folders")] {
        let sandbox = Sandbox::new();
        sandbox.git("", &["init", "-q", "whole"]);
        sandbox.git("whole", &["config", "uploadpack.allowFilter", "true"]);
        for text in [token("one"), "two".to_owned(), "three".to_owned()] {
            commit(&sandbox, "whole", &text);
        }
        let url = format!("file://{}", sandbox.path("whole").display());
        sandbox.git("", &["clone", "-q", &format!("--filter={filter}"), &url, "part"]);
        let before = files(&sandbox, "part/.git/objects");
        let (report, code) = sandbox.report("part", &SECRETS);
        assert_eq!((places(&report).len(), code), (0, 0), "{report}");
        let told = gaps(&report).join("\n");
        assert!(told.contains(&format!("the clone is partial: {left_out}")), "{told}");
        assert!(told.contains("git fetch --refetch --no-filter"), "{told}");
        assert_eq!(sandbox.report("part", &["--only", "secrets", "--completeness", "strict"]).1, 3);
        let (report, code) = sandbox.report("part", &["--only", "secrets", "--history", "HEAD~2..HEAD"]);
        // Without the folders nobody can say what a range has added.
        assert_eq!((code, gaps(&report).len()), (0, 2), "{report}");
        assert!(gaps(&report).iter().all(|gap| gap.contains("--no-filter")), "{report}");
        assert_eq!(files(&sandbox, "part/.git/objects"), before, "nothing was fetched");

        sandbox.git("part", &["fetch", "-q", "--refetch", "--no-filter"]);
        let (report, code) = sandbox.report("part", &SECRETS);
        assert_eq!((places(&report).len(), gaps(&report), code), (1, Vec::new(), 1), "as the hint says");
    }
}

#[test]
fn what_git_packs_while_somebody_reads_is_read_from_there() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "repo"]);
    commit(&sandbox, "repo", &token("one"));
    let store = Store::open(&sandbox.path("repo/.git/objects"), 20);
    let loose = store.loose(&mut Vec::new());
    assert_eq!(loose.len(), 3, "a commit, its tree and its file");
    sandbox.git("repo", &["gc", "-q", "--prune=now"]);
    for (id, file) in &loose {
        assert!(!file.exists() && store.read(id).is_ok(), "{id}");
    }
    let never = ObjectId::from_hex(&[b'1'; 40]).unwrap();
    assert_eq!(store.read(&never), Err("it is missing".to_owned()));
}

#[test]
fn submodules_have_histories_of_their_own() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "lib"]);
    commit(&sandbox, "lib", &token("lib"));
    commit(&sandbox, "lib", "clean");
    sandbox.git("", &["init", "-q", "outer"]);
    let lib = sandbox.path("lib");
    let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lib.to_str().unwrap(), "deep/lib"];
    sandbox.git("outer", &add);
    sandbox.git("outer", &["commit", "-qm", "with a submodule"]);

    let (report, code) = sandbox.report("outer", &SECRETS);
    assert_eq!((places(&report).len(), code), (0, 0));
    let notes = layer(&report, "secrets")["notes"].to_string();
    assert!(notes.contains("the histories of 1 submodule were not scanned (deep/lib)"), "{notes}");
    for place in ["outer/deep/lib", "outer/.git/modules/deep/lib"] {
        let (report, code) = sandbox.report(place, &SECRETS);
        assert_eq!((places(&report), code), (vec!["secret/github-pat file:1".to_owned()], 1), "{place}");
        assert_eq!(gaps(&report), Vec::<String>::new());
    }
}

#[test]
fn logs_in_tables_of_references_are_read() {
    for format in ["sha1", "sha256"] {
        let sandbox = Sandbox::new();
        sandbox
            .git("", &["init", "-q", "-b", "main", "--ref-format=reftable", &format!("--object-format={format}"), "r"]);
        commit(&sandbox, "r", "one");
        let reset = token("reset");
        commit(&sandbox, "r", &reset);
        sandbox.git("r", &["reset", "-q", "--hard", "HEAD~1"]);
        sandbox.git("r", &["update-ref", "-m", &token("message"), "refs/heads/main", "HEAD~0"]);
        // Enough of them for several blocks.
        for number in 0..60 {
            let message = format!("{number} {}", "words that take room ".repeat(20));
            sandbox
                .git("r", &["update-ref", "--create-reflog", "-m", &message, &format!("refs/heads/b{number}"), "HEAD"]);
        }
        sandbox.git("r", &["update-ref", "--create-reflog", "-m", &token("last"), "refs/heads/z", "HEAD"]);
        sandbox.git("r", &["pack-refs", "--all"]);
        let (report, _) = sandbox.report("r", &SECRETS);
        assert_eq!(gaps(&report), Vec::<String>::new());
        let places = places(&report).join("\n");
        assert!(places.contains("git/logs/refs/heads/z:1") && places.contains("git/logs/HEAD:"), "{places}");
        assert!(places.contains(" file:1"), "the file of the commit that was reset: {places}");
    }
}
