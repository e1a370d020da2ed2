//! Defines [`Image`]: a reference to a container image
//! (<https://github.com/distribution/reference>: `[registry/]name[:tag][@digest]`).

use std::collections::HashMap;

use super::document::Tree;
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};

/// Names of Docker Hub, which references leave out.
const HUB: [&str; 3] = ["docker.io/", "index.docker.io/", "registry-1.docker.io/"];

/// The tag that is meant where there is none.
const DEFAULT: &str = "latest";

/// A reference to a container image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image<'a> {
    /// The name, with its registry unless that is Docker Hub.
    pub(super) name: &'a str,
    /// Empty when there is none.
    pub(super) tag: &'a str,
    /// `sha256:…`; empty when there is none.
    pub(super) digest: &'a str,
}

impl<'a> Image<'a> {
    /// Takes a reference apart; `None` for what is none, such as one with a variable in its name.
    pub(super) fn parse(reference: &'a str) -> Option<Self> {
        let reference = reference.trim();
        let (rest, digest) = reference.split_once('@').unwrap_or((reference, ""));
        // A colon before the last slash stands before a port.
        let from = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest.get(from..)?.find(':') {
            Some(colon) => (rest.get(..from + colon)?, rest.get(from + colon + 1..)?),
            None => (rest, ""),
        };
        let name = HUB.iter().find_map(|hub| name.strip_prefix(hub)).unwrap_or(name);
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
        let is_valid = !name.is_empty() && name.chars().all(is_name) && !name.starts_with(['.', '/', '-', ':']);
        is_valid.then_some(Self { name, tag, digest })
    }

    /// The image as a package; one with a variable for a tag has no version.
    pub(super) fn draft(&self, line: u32) -> Draft {
        let Self { name, tag, digest } = *self;
        let is_open = tag.contains(['$', '{', '<', '%', '*']);
        let version = match (tag, digest) {
            _ if is_open => "",
            ("", "") => DEFAULT,
            ("", digest) => digest,
            (tag, _) => tag,
        };
        Draft {
            source: if self.is_public() { PackageSource::Public } else { PackageSource::Elsewhere },
            requirement: if is_open { tag.to_owned() } else { String::new() },
            hashes: Some(digest).filter(|digest| digest.contains(':')).map(str::to_owned).into_iter().collect(),
            direct: Some(true),
            ..Draft::new(Ecosystem::Docker, name, version, line)
        }
    }

    /// Whether it is of Docker Hub: nothing that looks like a host stands in front.
    fn is_public(&self) -> bool {
        let Some((host, _)) = self.name.split_once('/') else { return true };
        !(host.contains(['.', ':']) || host == "localhost")
    }
}

/// Adds the image that a value of YAML names; nothing where a variable without a default hides the name.
pub(super) fn add(reading: &mut Reading, image: &Tree, scope: Scope) {
    let reference = expand(image.text(), &HashMap::new());
    if let Some(named) = Image::parse(&reference) {
        reading.add(Draft { scope: Some(scope), ..named.draft(image.line) });
    }
}

/// Puts the defaults of arguments in the place of `$name`, `${name}`, `${name:-default}` and `${name:+other}`; what has
/// none stays as it is.
pub(super) fn expand(text: &str, arguments: &HashMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let (told, after) = match behind.strip_prefix('{') {
            Some(inner) => match inner.split_once('}') {
                Some((told, after)) => (told, after),
                None => {
                    rest = rest.get(at..).unwrap_or_default();
                    break;
                }
            },
            None => {
                let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(behind.len());
                behind.split_at(end)
            }
        };
        let split = |sign: &str| told.split_once(&format!(":{sign}")).or_else(|| told.split_once(sign));
        let value = |name: &str| arguments.get(name).filter(|value| !value.is_empty()).cloned();
        let known = match (split("-"), split("+")) {
            (Some((name, default)), _) => Some(value(name).unwrap_or_else(|| default.to_owned())),
            (_, Some((name, other))) => Some(value(name).map(|_| other.to_owned()).unwrap_or_default()),
            _ => value(told),
        };
        match known {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[at..rest.len() - after.len()]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (reference, expected) in [
            ("nginx", Some(("nginx", "latest", PackageSource::Public))),
            ("docker.io/library/nginx:1.25", Some(("library/nginx", "1.25", PackageSource::Public))),
            ("localhost:5000/a/b", Some(("localhost:5000/a/b", "latest", PackageSource::Elsewhere))),
            ("ghcr.io/a/b:v1@sha256:00", Some(("ghcr.io/a/b", "v1", PackageSource::Elsewhere))),
            ("a/b@sha256:00", Some(("a/b", "sha256:00", PackageSource::Public))),
            ("a:${TAG}", Some(("a", "", PackageSource::Public))),
            ("${IMAGE}:1", None),
            ("", None),
        ] {
            let draft = Image::parse(reference).map(|image| image.draft(1));
            let said = draft.as_ref().map(|draft| (draft.name.as_str(), draft.version.as_str(), draft.source));
            assert_eq!(said, expected, "{reference}");
        }
    }

    #[test]
    fn arguments() {
        let arguments = HashMap::from([("TAG".to_owned(), "1.2".to_owned()), ("NONE".to_owned(), String::new())]);
        for (text, expanded) in [
            ("a:$TAG-slim", "a:1.2-slim"),
            ("a:${TAG}", "a:1.2"),
            ("a:${NONE:-3}${TAG:+x}", "a:3x"),
            ("a:$OTHER/${NONE}", "a:$OTHER/${NONE}"),
            ("a${", "a${"),
        ] {
            assert_eq!(expand(text, &arguments), expanded);
        }
    }
}
