//! Hex packages: `deps` as Mix fills it, and the libraries of rebar. Their metadata is a list of Erlang terms.

use std::sync::LazyLock;

use regex::Regex;

use super::place::{Folder, Text};
use super::sheet::{Join, Sheet, line_of};
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

static LICENSES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\{<<"licenses">>,\s*\[([^\]]{0,2000})\]\}"#).ok());
static VERSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\{<<"version">>,\s*<<"([^"]{1,200})">>\}"#).ok());
static BINARY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"<<"([^"]{0,400})"(?:/utf8)?>>"#).ok());

struct Hex {
    folders: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let folders = ["deps", "_build/default/lib"].iter().flat_map(|name| around.beside(Ecosystem::Hex, name));
    Box::new(Hex { folders: folders.collect() })
}

impl Shelf for Hex {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let folders = self.folders.iter().filter_map(|folder| folder.at(&package.name));
        folders.into_iter().find_map(|folder| match folder.read("hex_metadata.config") {
            Some(text) => Some(read(&text, &package.version)?.in_folder(folder)),
            // What came from a repository has none.
            None => Some(Sheet::of_files(folder)),
        })
    }
}

/// What the metadata of a version says; `None` when it is of another.
fn read(text: &Text, version: &str) -> Option<Sheet> {
    let of = VERSION.as_ref()?.captures(&text.text).and_then(|found| found.get(1));
    if !version.is_empty() && of.is_some_and(|of| of.as_str() != version) {
        return None;
    }
    let list = LICENSES.as_ref()?.captures(&text.text).and_then(|found| found.get(1)).map_or("", |list| list.as_str());
    let said = BINARY.as_ref()?.captures_iter(list).filter_map(|one| one.get(1)).map(|one| one.as_str().to_owned());
    let mut sheet = Sheet::declared(said.take(100).collect(), Join::All, text, &[]);
    if let Some(manifest) = sheet.manifest.as_mut().filter(|_| !sheet.said.is_empty()) {
        manifest.line = line_of(&text.text, &["<<\"licenses\">>", "<\"licenses\">>", "licenses\">>"]);
    }
    Some(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata() {
        let text = "{<<\"app\">>,<<\"jason\">>}.\n{<<\"licenses\">>,[<<\"Apache-2.0\">>,<<\"MIT\"/utf8>>]}.\n{<<\"version\">>,<<\"1.4.0\">>}.\n";
        let text = Text { text: text.to_owned(), shown: String::new(), sha256: String::new() };
        let sheet = read(&text, "1.4.0").unwrap();
        assert_eq!(
            (sheet.said, sheet.manifest.unwrap().line),
            (vec!["Apache-2.0".to_owned(), "MIT".to_owned()], Some(2))
        );
        assert!(read(&text, "1.4.1").is_none());
    }
}
