//! Holds every reader to `fixtures/packages/<family>/<case>/`: a folder is a project, `expected.snap` in it is what its
//! inventory says, and `asked.snap` which versions are asked for. A new case is a new folder, and `INSTA_UPDATE=always cargo test --lib inventory::fixtures` writes
//! what is expected of it, to be read before it is kept. Damaged fixtures and arbitrary texts break no reader.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;

use super::format::{FORMATS, Format};
use super::reading::{Read, Reading};
use super::source::Source;
use super::{Dependency, Inventory, PackageSource};
use crate::finding::RepoPath;
use crate::target::Target;
use crate::text::printable;

/// A name stands in the line of its package or, where the line has another name for it, at most so many lines below.
const NAME_WITHIN: u32 = 4;

/// The folders of a folder, sorted.
fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packages");
    folders(&root).iter().flat_map(|family| folders(family)).collect()
}

fn inventory(case: &Path) -> (Target, Inventory) {
    let target = Target::of_version(case.to_owned(), None);
    let inventory = Inventory::read(&target, &|_| false);
    (target, inventory)
}

/// All that an inventory says, for people: a line a package, with what is not usual of it, and what it needs below.
fn said(inventory: &Inventory) -> String {
    let mut out = String::new();
    let short = |package: &Dependency| format!("{} {}", package.name, package.version).trim_end().to_owned();
    for package in &inventory.packages {
        write!(out, "{} {} {}", package.location, package.ecosystem.purl(), printable(&short(package))).unwrap();
        for (is_so, words) in [
            (!package.release.is_empty(), format!("of {}", package.release)),
            (!package.requirement.is_empty(), format!("asks {:?}", package.requirement)),
            (package.source != PackageSource::Public, format!("{:?}", package.source)),
            (true, package.scope.word().to_owned()),
            (package.direct.is_some(), if package.direct == Some(true) { "direct" } else { "transitive" }.to_owned()),
            (package.manifest.is_some(), package.manifest.iter().map(ToString::to_string).collect()),
            (
                package.via.is_some(),
                format!("via {}", package.via.map(|at| short(&inventory.packages[at])).unwrap_or_default()),
            ),
            (!package.licenses.is_empty(), format!("under {}", package.licenses.join(", "))),
            (!package.hashes.is_empty(), package.hashes.join(" ")),
        ] {
            if is_so {
                write!(out, " | {words}").unwrap();
            }
        }
        out.push('\n');
        for other in package.needed() {
            writeln!(out, "    {}", short(&inventory.packages[other])).unwrap();
        }
    }
    for gap in &inventory.gaps {
        writeln!(out, "gap: {}{}", gap.message, gap.hint.iter().map(|hint| format!("; {hint}")).collect::<String>())
            .unwrap();
    }
    out
}

#[test]
fn every_case_says_what_is_expected() {
    for case in cases() {
        let (_, inventory) = inventory(&case);
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(case.file_name().unwrap().to_string_lossy());
        settings.bind(|| insta::assert_snapshot!("expected", said(&inventory)));
    }
}

/// Which versions an inventory says that somebody asks for: a line a package that the project asks for or that asks for
/// others, and what it asks for below.
fn asked(inventory: &Inventory) -> String {
    let mut out = String::new();
    for package in &inventory.packages {
        let needs: Vec<_> = package.needs.iter().filter(|need| !need.requirement.is_empty()).collect();
        let own: Vec<_> = package.asked.iter().filter(|asked| !asked.is_empty()).collect();
        if !needs.is_empty() || !own.is_empty() {
            let own: String = own.iter().map(|asked| format!(" | project asks {}", printable(asked))).collect();
            let file = &package.location.path;
            writeln!(out, "{file} {} {}{own}", printable(&package.name), printable(&package.version)).unwrap();
        }
        for need in needs {
            let name = printable(&inventory.packages[need.package].name);
            writeln!(out, "    {name} {}", printable(&need.requirement)).unwrap();
        }
    }
    out
}

#[test]
fn every_case_asks_for_the_versions_that_are_expected() {
    for case in cases() {
        let (_, inventory) = inventory(&case);
        let asked = asked(&inventory);
        if asked.is_empty() {
            assert!(!case.join("asked.snap").exists(), "{}", case.display());
            continue;
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(case.file_name().unwrap().to_string_lossy());
        settings.bind(|| insta::assert_snapshot!("asked", asked));
    }
}

#[test]
fn every_format_has_a_word_of_its_own() {
    let ids: BTreeSet<&str> = FORMATS.iter().map(|format| format.id).collect();
    assert_eq!(ids.len(), FORMATS.len());
    assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')));
}

#[test]
fn names_stand_in_their_lines() {
    for case in cases() {
        let (target, inventory) = inventory(&case);
        let files = target.files().unwrap().files;
        for package in &inventory.packages {
            let file = files.iter().find(|file| file.path == package.location.path).unwrap();
            let text = String::from_utf8_lossy(&target.read(file).unwrap()).into_owned();
            let line = package.location.span.unwrap().start_line as usize;
            let tail = package.name.rsplit(['/', ':']).next().unwrap().to_lowercase();
            // The file may escape what drives terminals.
            let tail = tail.split(char::is_control).next().unwrap();
            // Names that no file writes: Go's own library, and the modules behind plugins of Gradle.
            let tail = if tail == "stdlib" { "go" } else { tail.trim_end_matches(".gradle.plugin") };
            let around: Vec<String> =
                text.lines().skip(line - 1).take(NAME_WITHIN as usize + 1).map(str::to_lowercase).collect();
            assert!(
                around.iter().any(|line| line.contains(tail)),
                "{} line {line} does not name {}: {around:?}",
                file.path,
                package.name
            );
        }
    }
}

/// Every file of the cases with the format that wants it.
fn files() -> Vec<(&'static Format, RepoPath, String)> {
    let mut all = Vec::new();
    for case in cases() {
        let target = Target::of_version(case, None);
        for file in target.files().unwrap().files {
            let text = String::from_utf8_lossy(&target.read(&file).unwrap()).into_owned();
            let wanting = FORMATS.iter().filter(|format| (format.wants)(&file.path));
            all.extend(wanting.map(|format| (format, file.path.clone(), text.clone())));
        }
    }
    all
}

/// Reads a text that has itself for all neighbours, and holds what is said to what is always true.
fn read_hostile(format: &Format, path: RepoPath, text: &str) {
    let once = |path: RepoPath| -> Read {
        let neighbours = |_: &RepoPath| Some(text.as_bytes().to_vec());
        let source = Source::new(path, text.to_owned()).among(&neighbours);
        let mut reading = Reading::new(&source);
        let said = (format.read)(&mut reading);
        if let Err(unreadable) = said {
            assert!(!unreadable.why.is_empty());
            assert!(unreadable.line.is_none_or(|line| (1..=text.lines().count().max(1) as u32 + 1).contains(&line)));
        }
        reading.finish()
    };
    let read = once(path.clone());
    let lines = text.split('\n').count() as u32;
    for package in &read.packages {
        let line = package.location.span.unwrap().start_line;
        assert!((1..=lines).contains(&line), "{} is said to be in line {line} of {lines}", package.name);
        assert!(!package.name.trim().is_empty());
        assert!(package.needed().chain(package.via).all(|at| at < read.packages.len()));
    }
    let again = once(path);
    assert_eq!((read.packages, read.gaps), (again.packages, again.gaps), "the same text says the same");
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Drop(Index),
    Twice(Index),
    Swap(Index, Index),
    Put(Index, &'static str),
}

fn damage() -> impl Strategy<Value = Damage> {
    let bits = prop::sample::select(vec![
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        "\n",
        "\r",
        ":",
        ",",
        "#",
        "<",
        ">",
        "&",
        "=",
        "\0",
        "\u{202e}",
        "\u{7f}",
        "é",
        "  ",
        "\n<<<<<<< ours\n",
        "\n=======\n",
        "\n>>>>>>> theirs\n",
        "\n---\n",
        "\\",
        "- ",
        "99999999999999999999",
        "null",
    ]);
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        any::<Index>().prop_map(Damage::Drop),
        any::<Index>().prop_map(Damage::Twice),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Swap(a, b)),
        (any::<Index>(), bits).prop_map(|(at, bit)| Damage::Put(at, bit)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut text = text.to_owned();
    for damage in damages {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match damage {
            Damage::Cut(at) | Damage::Put(at, _) => {
                let mut place = at.index(text.len() + 1);
                while !text.is_char_boundary(place) {
                    place -= 1;
                }
                match damage {
                    Damage::Put(_, bit) => text.insert_str(place, bit),
                    _ => text.truncate(place),
                }
                continue;
            }
            Damage::Drop(at) => drop(lines.remove(at.index(count))),
            Damage::Twice(at) => lines.insert(at.index(count), lines[at.index(count)]),
            Damage::Swap(a, b) => lines.swap(a.index(count), b.index(count)),
        }
        text = lines.concat();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damage_breaks_no_reader(which in any::<Index>(), damages in prop::collection::vec(damage(), 1..5)) {
        static FILES: std::sync::LazyLock<Vec<(&'static Format, RepoPath, String)>> = std::sync::LazyLock::new(files);
        let (format, path, text) = which.get(&FILES);
        read_hostile(format, path.clone(), &damaged(text, &damages));
    }

    #[test]
    fn no_text_breaks_a_reader(which in any::<Index>(), text in any::<String>()) {
        read_hostile(which.get(FORMATS), RepoPath::new("a/b/lock"), &text);
    }
}
