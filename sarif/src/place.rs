//! Defines [`Bases`]: turns the addresses that tools write into paths of the repository.

mod foreign;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::path::RelativePath;
use crate::root::Root;
use crate::uri;
use crate::value::{list, text};

/// So many base ids may lead from one to the next.
const MAX_CHAIN: usize = 16;

/// What the addresses of a run are relative to.
#[derive(Debug, Default)]
pub struct Bases<'a> {
    /// Folders of the machine that the tool ran on, outermost first, each with a slash at its end.
    folders: Vec<String>,
    /// What a base id stands for: an absolute folder, or one relative to the repository.
    ids: BTreeMap<String, String>,
    root: Option<&'a Root>,
}

/// A path of the repository, and what had to be done to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The percent-encoded relative URI.
    pub uri: String,
    /// What had to be done to get it.
    pub change: Change,
}

/// What had to be done to get a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    None,
    /// It was encoded, or its backslashes, dots or base were resolved.
    Spelling,
    /// It was absolute, and inside of the repository.
    Relative,
    /// It was absolute, and nobody knows what it is relative to.
    Outside,
    /// It led out of the repository by `..`.
    Above,
    /// It was of a scheme that GitHub refuses.
    Foreign,
    /// It was a symbolic link.
    Link,
}

impl Place {
    /// The path, no longer encoded; what is no UTF-8 in it is `\u{FFFD}`.
    pub fn path(&self) -> String {
        String::from_utf8_lossy(&uri::decoded(&self.uri)).into_owned()
    }
}

impl<'a> Bases<'a> {
    /// Collects what a run says about where it was; of `null`, nothing but where the checkout is.
    pub fn of(run: &Value, root: Option<&'a Root>) -> Self {
        let ids = run.get("originalUriBaseIds").and_then(Value::as_object);
        let ids: BTreeMap<String, String> =
            ids.into_iter().flatten().map(|(id, _)| (id.clone(), base(run, id))).collect();
        let mut folders: Vec<String> = ids.values().filter(|folder| folder.starts_with('/')).cloned().collect();
        for invocation in list(run, "invocations") {
            let folder = invocation.get("workingDirectory").and_then(|place| text(place, "uri"));
            folders.extend(folder.map(absolute_or_relative).map(with_slash).filter(|folder| folder.starts_with('/')));
        }
        folders.retain(|folder| folder != "/");
        folders.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        folders.dedup();
        if let Some(folder) = root.and_then(Root::absolute) {
            folders.insert(0, with_slash(drive(&folder)));
        }
        Self { folders, ids, root }
    }

    /// The path behind an address; `None` when it names nothing inside of the repository, such as the whole of it.
    pub fn place(&self, address: &str, base_id: Option<&str>) -> Option<Place> {
        let address = address.trim();
        if address.is_empty() {
            return None;
        }
        let base = base_id.and_then(|id| self.ids.get(id)).map_or("", String::as_str);
        let (path, mut change) = match uri::scheme(address) {
            Some(scheme) if !scheme.eq_ignore_ascii_case("file") && !self.has(address) => {
                (foreign::path(scheme, &address[scheme.len() + 1..]).into_bytes(), Change::Foreign)
            }
            _ => {
                let path = absolute_or_relative(address);
                if path.starts_with('/') { self.inside(&path) } else { self.inside(&format!("{base}{path}")) }
            }
        };
        let path = if change == Change::Foreign { path } else { without_line(&path).to_vec() };
        let relative = match RelativePath::new(&path) {
            Ok(relative) => relative,
            Err(crate::path::PathError::Empty) => return None,
            Err(_) => {
                change = Change::Above;
                RelativePath::new(below(&path)).ok()?
            }
        };
        let mut uri = relative.as_uri().to_owned();
        let decoded = uri::decoded(&uri);
        if let Some(real) = self.root.and_then(|root| root.real(&decoded))
            && real.as_bytes() != decoded
        {
            uri = RelativePath::new(&real).ok()?.as_uri().to_owned();
            change = Change::Link;
        }
        // What a base adds to a relative address is no fault of the address.
        if change == Change::Relative && !is_absolute(address) {
            change = Change::None;
        }
        if change == Change::None && uri != address {
            change = Change::Spelling;
        }
        Some(Place { uri, change })
    }

    /// Whether the checkout has a file of just this name, colon and all.
    fn has(&self, name: &str) -> bool {
        self.root.is_some_and(|root| root.real(name.as_bytes()).is_some())
    }

    /// A path in the repository for one of the machine; a relative one stays.
    fn inside(&self, path: &str) -> (Vec<u8>, Change) {
        // Backslashes of Windows separate; an encoded one is part of a name.
        let decoded = uri::decoded(&path.replace('\\', "/"));
        if !path.starts_with('/') {
            return (decoded, Change::None);
        }
        let Ok(absolute) = String::from_utf8(decoded.clone()) else { return (below(&decoded), Change::Outside) };
        let absolute = resolved(&absolute);
        for folder in &self.folders {
            if let Some(rest) = absolute.strip_prefix(folder.as_str()) {
                return (rest.as_bytes().to_vec(), Change::Relative);
            }
            if format!("{absolute}/") == *folder {
                return (Vec::new(), Change::Relative);
            }
        }
        // A container sees the repository at another place: the longest end of the path that exists is it.
        if let Some(root) = self.root {
            let ends = absolute.match_indices('/').map(|(at, _)| &absolute[at + 1..]);
            let mut ends = ends.filter(|end| end.contains('/') || absolute.rfind('/') == Some(0));
            if let Some(end) = ends.find(|end| root.real(end.as_bytes()).is_some()) {
                return (end.as_bytes().to_vec(), Change::Relative);
            }
        }
        (below(absolute.as_bytes()), Change::Outside)
    }
}

/// The folder that a base id stands for, following it through others: absolute with a slash at both ends, or relative.
fn base(run: &Value, id: &str) -> String {
    let mut folder = String::new();
    let mut next = Some(id.to_owned());
    for _ in 0..MAX_CHAIN {
        let Some(id) = next.take() else { break };
        let Some(entry) = run.get("originalUriBaseIds").and_then(|ids| ids.get(&id)) else { break };
        let outer = text(entry, "uri").map(absolute_or_relative).map(with_slash).unwrap_or_default();
        folder = format!("{outer}{folder}");
        if folder.starts_with('/') {
            break;
        }
        next = text(entry, "uriBaseId").map(str::to_owned);
    }
    let decoded = String::from_utf8(uri::decoded(&folder)).unwrap_or(folder);
    if decoded.starts_with('/') { with_slash(resolved(&decoded)) } else { decoded }
}

/// Takes `file:` off an address, and makes the path absolute where a drive or a slash says that it is. Still encoded.
fn absolute_or_relative(address: &str) -> String {
    let Some(rest) = address.get(..5).filter(|s| s.eq_ignore_ascii_case("file:")).map(|_| &address[5..]) else {
        return drive(address);
    };
    let path = match rest.strip_prefix("//") {
        Some(path) if path.starts_with('/') => path.to_owned(),
        // Tools forget the third slash.
        Some(path) => path.strip_prefix("localhost/").map_or_else(|| path.to_owned(), |path| format!("/{path}")),
        None => rest.to_owned(),
    };
    drive(&path)
}

/// Makes `C:\x`, `C:/x` and `/C:/x` into `/C/x`, and `\\x` into `/x`.
fn drive(path: &str) -> String {
    let path = path.replace('\\', "/");
    let bare = path.trim_start_matches('/');
    match bare.as_bytes() {
        [letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => {
            format!("/{}{}", char::from(letter.to_ascii_uppercase()), &bare[2..])
        }
        _ if path.starts_with("//") => format!("/{bare}"),
        _ => path,
    }
}

fn is_absolute(address: &str) -> bool {
    uri::scheme(address).is_some() || absolute_or_relative(address).starts_with('/')
}

fn with_slash(mut folder: String) -> String {
    if !folder.is_empty() && !folder.ends_with('/') {
        folder.push('/');
    }
    folder
}

/// An absolute path without `.`, `..` and empty parts.
fn resolved(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A path without what leads out of the repository.
fn below(path: &[u8]) -> Vec<u8> {
    let parts = path.split(|b| *b == b'/').filter(|part| !matches!(*part, b"" | b"." | b".."));
    parts.collect::<Vec<_>>().join(&b'/')
}

/// Takes `#L3` or `#L3-L5` off the end of a path: some tools link to a line.
fn without_line(path: &[u8]) -> &[u8] {
    let Some(at) = path.iter().rposition(|b| *b == b'#') else { return path };
    let is_line = path[at..].starts_with(b"#L") && path.len() > at + 2;
    if is_line && path[at + 2..].iter().all(|b| b.is_ascii_digit() || b"-L".contains(b)) { &path[..at] } else { path }
}

#[cfg(test)]
mod tests;
