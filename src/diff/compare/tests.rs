use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::finding::{Kind, RepoPath, Severity};

/// A finding out of few values, so that many are alike.
fn identity() -> impl Strategy<Value = Identity> {
    let parts = (0..3u8, 0..3u8, 0..2u8, 0..3u32, 0..3u8, any::<bool>(), any::<bool>(), 0..4u8);
    parts.prop_map(|(what, path, second, line, version, in_files, has_content, name)| {
        let mut it = weakness(&format!("d{path}/f"), &format!("text {what}"), line);
        if !has_content {
            it.content = None;
        }
        if name > 1 {
            it.kind = Kind::Advisory;
            it.version = version.to_string();
            it.names =
                vec![("pkg:a/b".to_owned(), format!("ID-{what}")), ("pkg:a/b".to_owned(), format!("CVE-{name}"))];
        }
        if second > 0 {
            it.paths.push(RepoPath::new("z/second"));
        }
        if !in_files {
            (it.paths, it.commit) = (Vec::new(), Some("0".repeat(40)));
        }
        it.settle();
        it
    })
}

fn weakness(path: &str, text: &str, line: u32) -> Identity {
    let place = RepoPath::new(path);
    Identity {
        kind: Kind::Code,
        line: Some(line),
        commit: None,
        rule: "code/x".to_owned(),
        version: String::new(),
        names: Vec::new(),
        fingerprint: Fingerprint::of(&[path.as_bytes(), text.as_bytes()]),
        content: Some(Fingerprint::of(&[text.as_bytes()])),
        paths: vec![place.clone()],
        path: place,
        is_in_files: true,
        severity: Severity::Low,
        message: String::new(),
    }
}

/// The findings themselves in the place of their numbers, sorted.
fn told(base: &[Identity], head: &[Identity]) -> [Vec<Identity>; 4] {
    let it = compare(base, head);
    let of = |list: &[Identity], indices: Vec<usize>| {
        let mut found: Vec<Identity> = indices.into_iter().map(|index| list[index].clone()).collect();
        found.sort();
        found
    };
    let heads = |pairs: &[Pair]| pairs.iter().map(|pair| pair.head).collect();
    [of(head, it.introduced), of(head, heads(&it.unchanged)), of(head, heads(&it.moved)), of(base, it.fixed)]
}

proptest! {
    #[test]
    fn every_finding_is_in_exactly_one_part(
        base in proptest::collection::vec(identity(), 0..12),
        head in proptest::collection::vec(identity(), 0..12),
    ) {
        let it = compare(&base, &head);
        let pairs: Vec<Pair> = it.unchanged.iter().chain(&it.moved).copied().collect();
        let mut of_head: Vec<usize> = it.introduced.iter().copied().chain(pairs.iter().map(|pair| pair.head)).collect();
        let mut of_base: Vec<usize> = it.fixed.iter().copied().chain(pairs.iter().map(|pair| pair.base)).collect();
        of_head.sort_unstable();
        of_base.sort_unstable();
        prop_assert_eq!(of_head, (0..head.len()).collect::<Vec<_>>());
        prop_assert_eq!(of_base, (0..base.len()).collect::<Vec<_>>());
        for Pair { base: before, head: after } in pairs {
            prop_assert_eq!(base[before].kind, head[after].kind);
            prop_assert_eq!(base[before].is_in_files, head[after].is_in_files);
        }
    }

    #[test]
    fn nothing_is_new_in_what_is_the_same(all in proptest::collection::vec(identity(), 0..12)) {
        let it = compare(&all, &all);
        prop_assert_eq!((it.introduced.len(), it.moved.len(), it.fixed.len()), (0, 0, 0));
    }

    #[test]
    fn the_order_does_not_matter(
        base in proptest::collection::vec(identity(), 0..12),
        head in proptest::collection::vec(identity(), 0..12),
        swaps in proptest::collection::vec((any::<Index>(), any::<Index>()), 12),
    ) {
        let shuffled = |list: &[Identity]| {
            let mut list = list.to_vec();
            for (a, b) in swaps.iter().filter(|_| !list.is_empty()).collect::<Vec<_>>() {
                let (a, b) = (a.index(list.len()), b.index(list.len()));
                list.swap(a, b);
            }
            list
        };
        prop_assert_eq!(told(&base, &head), told(&shuffled(&base), &shuffled(&head)));
    }

    #[test]
    fn one_more_finding_is_one_more_introduced(
        base in proptest::collection::vec(identity(), 0..12),
        one in identity(),
    ) {
        let mut head = base.clone();
        head.push(one);
        let it = compare(&base, &head);
        prop_assert_eq!((it.introduced.len(), it.fixed.len()), (1, 0));
    }
}

#[test]
fn a_third_equal_finding_is_new() {
    let base = [weakness("a", "x", 1), weakness("a", "x", 9)];
    let head = [weakness("a", "x", 3), weakness("a", "x", 1), weakness("a", "x", 9)];
    let it = compare(&base, &head);
    assert_eq!((it.introduced, it.unchanged.len()), (vec![0], 2));
}

#[test]
fn a_copy_is_new_and_a_renamed_file_is_not() {
    let before = [weakness("a", "x", 1)];
    assert_eq!(compare(&before, &[weakness("b", "x", 7)]).moved.len(), 1);
    let copied = compare(&before, &[weakness("b", "x", 1), weakness("a", "x", 1)]);
    assert_eq!((copied.introduced, copied.unchanged), (vec![0], vec![Pair { base: 0, head: 1 }]));
}

#[test]
fn the_file_of_the_same_name_is_the_one_that_moved() {
    let base = [weakness("a/one", "x", 1), weakness("a/two", "x", 1)];
    let head = [weakness("b/two", "x", 1), weakness("c/three", "x", 1)];
    let it = compare(&base, &head);
    assert_eq!(it.moved, [Pair { base: 1, head: 0 }, Pair { base: 0, head: 1 }]);
}

#[test]
fn what_is_about_a_whole_file_does_not_hide_another_file() {
    let about = |path: &str| Identity { content: None, ..weakness(path, "", 0) };
    let it = compare(&[about("a/Dockerfile")], &[about("b/Dockerfile")]);
    assert_eq!((it.introduced, it.fixed), (vec![0], vec![0]));
}

#[test]
fn what_comes_back_from_the_history_is_new() {
    let mut past = weakness("a", "x", 1);
    past.paths.clear();
    past.settle();
    assert_eq!(compare(&[past], &[weakness("a", "x", 1)]).introduced, [0]);
}

#[test]
fn another_version_of_a_package_and_another_id_of_an_advisory_are_known() {
    let package = |version: &str, id: &str, alias: &str| {
        let mut it = weakness("Cargo.lock", id, 4);
        (it.kind, it.version, it.rule) = (Kind::Advisory, version.to_owned(), format!("advisory/{id}"));
        it.name("pkg:cargo/time", &[alias.to_owned()]);
        it
    };
    let (old, raised) = (package("0.1.1", "RUSTSEC-1", "CVE-1"), package("0.1.2", "RUSTSEC-1", "CVE-1"));
    assert_eq!(compare(std::slice::from_ref(&old), std::slice::from_ref(&raised)).unchanged.len(), 1);
    assert_eq!(compare(std::slice::from_ref(&old), &[package("0.1.1", "CVE-1", "GHSA-1")]).unchanged.len(), 1);
    // Where both versions are in use now, the one that was there is not the new one.
    assert_eq!(compare(std::slice::from_ref(&old), &[raised, old.clone()]).introduced, [0]);
}
