//! Build script: puts every file of `rules/` into the binary, so that a new pack needs no line of Rust. Advisories go in
//! as they are; secret rules are read and their keywords placed here, which took a run more time than a small scan.

#![expect(clippy::print_stdout, reason = "printing is how a build script speaks to cargo")]
#![expect(unreachable_pub, reason = "what is shared with the library is public there")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

#[expect(dead_code, reason = "the pattern as it is matched is asked for in a run only")]
#[path = "../src/scanner/secrets/matcher/anchor.rs"]
mod anchor;
#[path = "../src/rule/idiom.rs"]
mod idiom;
#[path = "../src/rule/literal.rs"]
mod literal;
#[path = "../src/scanner/secrets/matcher/reach.rs"]
mod reach;
#[path = "embed/secrets.rs"]
mod secrets;

use reach::{MAX_BEFORE, MAX_REACH};

/// What the sources of scanall that are shared with this script know of rules.
mod rule {
    pub(crate) mod secret {
        pub(crate) struct SecretRule {
            pub(crate) pattern: String,
            pub(crate) keywords: Vec<String>,
        }
    }
}

/// The anchors of a rule as `KnownPlace`s.
fn places(rule: &rule::secret::SecretRule) -> String {
    let one = |anchor: anchor::Anchor| {
        let anchor::Place { least, most, behind } = anchor.place;
        let (word, next) = (anchor.word, anchor.next);
        format!("KnownPlace {{ word: {word:?}, least: {least}, most: {most}, behind: {behind}, next: &{next:?} }}")
    };
    anchor::anchors(rule).into_iter().map(one).collect::<Vec<_>>().join(", ")
}

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let rules = Path::new(&root).join("rules");
    println!("cargo::rerun-if-changed={}", rules.display());
    for shared in
        ["rule/idiom.rs", "rule/literal.rs", "scanner/secrets/matcher/anchor.rs", "scanner/secrets/matcher/reach.rs"]
    {
        println!("cargo::rerun-if-changed={root}/src/{shared}");
    }

    let mut source = "pub(crate) static ADVISORIES: &[(&str, &str)] = &[\n".to_owned();
    for file in data_files(&rules.join("advisories"))? {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(source, "    ({stem:?}, include_str!({:?})),", file.display().to_string());
    }
    source.push_str("];\npub(crate) static MAPS: &[(&str, &str)] = &[\n");
    for file in data_files(&rules.join("map"))? {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let _ = writeln!(source, "    ({stem:?}, include_str!({:?})),", file.display().to_string());
    }
    source.push_str("];\npub(crate) static SECRETS: &[Built] = &[\n");
    for file in data_files(&rules.join("secrets"))? {
        secrets::write(&file, &mut source)?;
    }
    source.push_str("];\n");
    fs::write(Path::new(&out).join("packs.rs"), source)
}

fn data_files(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "toml" || e == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
