//! Build script: lists every file of `rules/` for `include_str!`, so that a new pack needs no line of Rust.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let rules = Path::new(&root).join("rules");
    println!("cargo::rerun-if-changed={}", rules.display());

    let mut source = String::new();
    for (name, folder) in [("SECRETS", "secrets"), ("ADVISORIES", "advisories")] {
        let _ = writeln!(source, "pub(crate) static {name}: &[(&str, &str)] = &[");
        for file in data_files(&rules.join(folder))? {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(source, "    ({stem:?}, include_str!({:?})),", file.display().to_string());
        }
        source.push_str("];\n");
    }
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
