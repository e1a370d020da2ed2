//! Runs readers over files that tests write down.

use std::collections::BTreeMap;

use super::FORMATS;
use crate::finding::RepoPath;
use crate::inventory::dependency::{Dependency, PackageSource, Scope};
use crate::inventory::reading::{Read, Reading};
use crate::inventory::source::Source;

/// Reads the first of the files with the format that wants it; the others lie around it. What cannot be read at all is
/// `Err`.
pub(super) fn read(files: &[(&str, &str)]) -> Result<Read, super::Unreadable> {
    let by_path: BTreeMap<RepoPath, &str> = files.iter().map(|(path, text)| (RepoPath::new(path), *text)).collect();
    let listing: Vec<RepoPath> = by_path.keys().cloned().collect();
    let neighbours = |path: &RepoPath| by_path.get(path).map(|text| text.as_bytes().to_vec());
    let (path, text) = files.first().expect("a file");
    let path = RepoPath::new(path);
    let format = FORMATS.iter().find(|format| (format.wants)(&path)).expect("a format that wants it");
    let source = Source::new(path, (*text).to_owned()).among(&neighbours).listed(&listing);
    let mut reading = Reading::new(&source);
    let result = (format.read)(&mut reading);
    let read = reading.finish();
    for package in &read.packages {
        let line = package.location.span.map_or(0, |span| span.start_line) as usize;
        assert!((1..=source.text.lines().count()).contains(&line), "{} has no line", package.name);
    }
    result.map(|()| read)
}

/// A line for each package: its name, version or requirement, line, source, scope, how it is asked for, and what it needs.
pub(super) fn said(files: &[(&str, &str)]) -> Vec<String> {
    let read = read(files).expect("a file that can be read");
    read.packages.iter().map(|package| line(package, &read.packages)).collect()
}

/// What could not be read.
pub(super) fn gaps(files: &[(&str, &str)]) -> Vec<String> {
    match read(files) {
        Ok(read) => read.gaps.into_iter().map(|gap| gap.message).collect(),
        Err(unreadable) => vec![format!("line {:?}: {}", unreadable.line, unreadable.why)],
    }
}

fn line(package: &Dependency, all: &[Dependency]) -> String {
    let mut out = format!("{} {}", package.name, package.version);
    if !package.requirement.is_empty() {
        out += &format!("[{}]", package.requirement);
    }
    out += &format!(" @{}", package.location.span.map_or(0, |span| span.start_line));
    match package.source {
        PackageSource::Public => {}
        PackageSource::Elsewhere => out += " elsewhere",
        PackageSource::Local => out += " local",
    }
    if package.scope != Scope::Runtime {
        out += &format!(" {}", package.scope.word());
    }
    match package.direct {
        Some(true) => out += " direct",
        Some(false) => out += " indirect",
        None => {}
    }
    if let Some(manifest) = &package.manifest {
        out += &format!(" {}:{}", manifest.path, manifest.span.map_or(0, |span| span.start_line));
    }
    let needs: Vec<&str> = package.needed().map(|other| all[other].name.as_str()).collect();
    if !needs.is_empty() {
        out += &format!(" -> {}", needs.join(","));
    }
    out
}
