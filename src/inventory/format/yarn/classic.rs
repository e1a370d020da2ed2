//! Reads what Yarn 1 writes (<https://github.com/yarnpkg/yarn/blob/master/src/lockfile/stringify.js>): names and values
//! in lines, without a colon between.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::Unreadable;
use super::super::javascript::{Manifest, integrity, is_address, requirement, source_of, split_at_range};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::json::double_quoted;

/// More faults are not told.
const MAX_FAULTS: usize = 20;

/// A package, and what it was asked for as.
#[derive(Default)]
struct Package<'a> {
    line: u32,
    /// `name@range`, once for each range that it is the answer to.
    asked: Vec<Cow<'a, str>>,
    version: Cow<'a, str>,
    resolved: Cow<'a, str>,
    integrity: Cow<'a, str>,
    /// Name, range, and whether it can be done without.
    needs: Vec<(Cow<'a, str>, Cow<'a, str>, bool)>,
}

pub(super) fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (packages, faults) = packages(&source.text);
    if let (true, Some(&line)) = (packages.is_empty(), faults.first()) {
        return Err(Unreadable::new("it names no package").at(line).hint("let Yarn write it anew with `yarn install`"));
    }
    for line in faults.iter().take(MAX_FAULTS) {
        reading.broken(*line, "this line says nothing that yarn.lock can say");
    }
    let nodes: Vec<Option<Node>> = packages.iter().map(|package| reading.add(draft(package))).collect();
    let mut by_asked: HashMap<&str, Node> = HashMap::new();
    let mut by_name: HashMap<&str, Vec<Node>> = HashMap::new();
    for (package, node) in packages.iter().zip(&nodes) {
        let Some(node) = node else { continue };
        for asked in &package.asked {
            by_asked.insert(asked, *node);
        }
        let mut names: Vec<&str> = package.asked.iter().map(|asked| split_at_range(asked).0).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().for_each(|name| by_name.entry(name).or_default().push(*node));
    }
    // Where a range is not listed, a resolution has taken its place: the only one of that name is meant.
    let find = |name: &str, range: &str| match by_asked.get(format!("{name}@{range}").as_str()) {
        Some(node) => Some(*node),
        None => by_name.get(name).and_then(|all| all.first().filter(|_| all.len() == 1)).copied(),
    };
    let mut needed: HashSet<String> = HashSet::new();
    for (package, node) in packages.iter().zip(&nodes) {
        let Some(from) = node else { continue };
        for (name, range, is_optional) in &package.needs {
            needed.insert(format!("{name}@{range}"));
            match find(name, range) {
                Some(to) if *is_optional => reading.may_need(*from, to, requirement(Some(range))),
                Some(to) => reading.needs_as(*from, to, requirement(Some(range))),
                None => {}
            }
        }
    }
    roots(reading, &packages, &nodes, &needed, &find);
    Ok(())
}

/// What the project asks for: what its `package.json`s say, and what no package asks for, since Yarn keeps nothing that
/// nobody asks for.
fn roots(
    reading: &mut Reading,
    packages: &[Package],
    nodes: &[Option<Node>],
    needed: &HashSet<String>,
    find: &dyn Fn(&str, &str) -> Option<Node>,
) {
    let mut rooted: HashSet<Node> = HashSet::new();
    let mut folders = vec![String::new()];
    let mut forced: HashMap<String, String> = HashMap::new();
    let mut at = 0;
    while let Some(folder) = folders.get(at).cloned() {
        at += 1;
        let Some(manifest) = Manifest::beside(reading.source, &folder) else { continue };
        if folder.is_empty() {
            folders.extend(reading.source.folders(&manifest.workspaces, "package.json"));
            forced = manifest.resolutions;
        }
        for asked in manifest.asks {
            let range = forced.get(&asked.name).unwrap_or(&asked.range);
            if let Some(node) = find(&asked.name, range).or_else(|| find(&asked.name, &asked.range)) {
                rooted.insert(node);
                reading.root_as(node, asked.scope, Some(asked.location), requirement(Some(range)));
            }
        }
    }
    for (package, node) in packages.iter().zip(nodes) {
        let Some(node) = node else { continue };
        let is_forced =
            |asked: &str| forced.get(split_at_range(asked).0).is_some_and(|range| asked.ends_with(range.as_str()));
        let asked = package.asked.iter().filter(|asked| !needed.contains(asked.as_ref()) && !is_forced(asked));
        for asked in asked.filter(|_| !rooted.contains(node)) {
            reading.root_as(*node, Scope::Runtime, None, requirement(Some(split_at_range(asked).1)));
        }
    }
}

fn draft(package: &Package) -> Draft {
    let first = package.asked.first().map_or("", |asked| asked.as_ref());
    let (name, range) = split_at_range(first);
    // An alias asks for `npm:name@range`, and is that package.
    let real = range.strip_prefix("npm:").map(|real| split_at_range(real).0).filter(|real| !real.is_empty());
    let (address, sum) = package.resolved.split_once('#').unwrap_or((&package.resolved, ""));
    let mut hashes = integrity(&package.integrity);
    if hashes.is_empty() && sum.len() == 40 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        hashes.extend((source_of(address) == PackageSource::Public).then(|| format!("sha1:{sum}")));
    }
    let source = match (address, real) {
        ("", None) if is_address(range) => source_of(range),
        ("", _) => PackageSource::Public,
        (address, _) => source_of(address),
    };
    Draft { source, hashes, ..Draft::new(Ecosystem::Npm, real.unwrap_or(name), &package.version, package.line) }
}

/// The packages of a lock, and the lines that say nothing.
fn packages(text: &str) -> (Vec<Package<'_>>, Vec<u32>) {
    let mut packages: Vec<Package> = Vec::new();
    let mut faults = Vec::new();
    // The list of dependencies that is open, and whether one can do without them.
    let mut open: Option<bool> = None;
    for (number, raw) in (1u32..).zip(text.lines()) {
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if indent == 0 {
            open = None;
            match line.strip_suffix(':').and_then(header) {
                Some(asked) => packages.push(Package { line: number, asked, ..Package::default() }),
                None => faults.push(number),
            }
            continue;
        }
        let Some(package) = packages.last_mut() else {
            faults.push(number);
            continue;
        };
        if let (true, Some(is_optional)) = (indent > 2, open) {
            match pair(line) {
                Some((name, range)) => package.needs.push((name, range, is_optional)),
                None => faults.push(number),
            }
            continue;
        }
        open = match line {
            "dependencies:" => Some(false),
            "optionalDependencies:" => Some(true),
            _ => None,
        };
        match pair(line) {
            _ if line.ends_with(':') => {}
            Some((name, value)) => match name.as_ref() {
                "version" => package.version = value,
                "resolved" => package.resolved = value,
                "integrity" => package.integrity = value,
                _ => {}
            },
            // What is inside of lists that are not known.
            None if indent > 2 => {}
            None => faults.push(number),
        }
    }
    (packages, faults)
}

/// What a package was asked for as: texts with commas between.
fn header(line: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut asked = Vec::new();
    let mut rest = line;
    loop {
        let (text, behind) = word(rest, ",")?;
        asked.push(text);
        match behind.trim_start().strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None => return behind.trim().is_empty().then_some(asked),
        }
    }
}

/// A name and a value with a blank between.
fn pair(line: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (name, rest) = word(line, " ")?;
    let (value, rest) = word(rest.trim_start(), "")?;
    rest.trim().is_empty().then_some((name, value))
}

/// A text in quotes, or up to a mark, and what follows; `None` when there is none.
fn word<'a>(text: &'a str, mark: &str) -> Option<(Cow<'a, str>, &'a str)> {
    if text.starts_with('"') {
        let (value, used) = double_quoted(text, false)?;
        return Some((value, text.get(used..)?));
    }
    let end = if mark.is_empty() { text.len() } else { text.find(mark).unwrap_or(text.len()) };
    let (value, rest) = (text.get(..end)?.trim(), text.get(end..)?);
    (!value.is_empty()).then_some((Cow::Borrowed(value), rest))
}
