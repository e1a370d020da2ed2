//! Writes `rules/licenses/texts.bin` from a checkout of <https://github.com/spdx/license-list-XML>; see the README there.
//!
//! It is a test that runs on request, since it needs the reader of templates and nothing else does.

mod pack;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::store::{Kind, Store};
use super::words::{self, MARKS, hash_of_mark};
use pack::pack;

/// The least words of a standard header that are told from other texts.
const LEAST_HEADER: usize = 12;

struct Template {
    kind: Kind,
    /// Those in use, then those that are deprecated.
    ids: Vec<String>,
    active: usize,
    /// Hashes of words and marks.
    words: Vec<u64>,
}

#[test]
#[ignore = "writes rules/licenses/texts.bin from the checkout that SPDX_LIST names"]
fn texts() {
    let root = PathBuf::from(std::env::var_os("SPDX_LIST").expect("SPDX_LIST names a checkout of license-list-XML"));
    let version = std::env::var("SPDX_LIST_VERSION").expect("SPDX_LIST_VERSION is that of the list, such as 3.28.0");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/licenses/texts.bin");
    let packed = pack(&version, &templates(&root), &equivalents(&root));
    assert!(Store::read(&packed).is_some());
    fs::write(target, packed).unwrap();
}

/// Words that are the same by the guidelines, as hashes.
fn equivalents(root: &Path) -> HashMap<u64, u64> {
    let theirs = fs::read_to_string(root.join("equivalentwords.txt")).unwrap();
    let own = include_str!("../../../rules/licenses/equivalent.txt");
    let mut same = HashMap::new();
    for line in theirs.lines().chain(own.lines()).filter(|line| !line.starts_with('#')) {
        let Some((to, from)) = line.split_once(',') else { continue };
        let one = |text: &str| match words::split(text)[..] {
            [word] => Some(word.hash),
            _ => None,
        };
        if let (Some(to), Some(from)) = (one(to), one(from)) {
            same.insert(from, to);
        }
    }
    same
}

fn templates(root: &Path) -> Vec<Template> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["src", "src/exceptions"] {
        files.extend(fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.retain(|path| path.extension().is_some_and(|e| e == "xml"));
    files.sort();
    let tests: HashMap<String, PathBuf> = fs::read_dir(root.join("test/simpleTestForGenerator"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().to_ascii_lowercase();
            (stem.strip_prefix("depreciate_").unwrap_or(&stem).to_owned(), path)
        })
        .collect();
    let mut obsolete: Vec<(String, String)> = Vec::new();
    let mut by_text: BTreeMap<(Kind, Vec<u64>), Template> = BTreeMap::new();
    for path in files {
        let source = fs::read_to_string(&path).unwrap();
        let document = roxmltree::Document::parse(&source).unwrap();
        let Some(node) = document.descendants().find(|n| matches!(n.tag_name().name(), "license" | "exception")) else {
            continue;
        };
        let id = node.attribute("licenseId").unwrap().to_owned();
        let deprecated = node.attribute("deprecatedVersion").is_some();
        let kind = if node.tag_name().name() == "exception" { Kind::Exception } else { Kind::License };
        let obsoleted = node.descendants().find(|n| n.tag_name().name() == "obsoletedBy");
        if let Some(now) = obsoleted.filter(|_| deprecated) {
            // `GPL-2.0 WITH Bison-exception-2.2` has the text of the exception.
            let now = now.text().unwrap().trim().rsplit(' ').next().unwrap();
            obsolete.push((now.to_owned(), id));
            continue;
        }
        let body = node.children().find(|n| n.tag_name().name() == "text").unwrap();
        // Ids that have the same test text are one, whatever their templates have between the lines.
        let test = fs::read_to_string(&tests[&id.to_ascii_lowercase()]).unwrap();
        let key = words::split(&test).iter().map(|word| word.hash).collect();
        add(&mut by_text, (kind, key), &id, deprecated, hashes(body));
        // What the notices of the GNU licenses choose is read by `notice.rs`. Of several, the last is that of this license.
        let header = node.descendants().rfind(|n| n.tag_name().name() == "standardLicenseHeader");
        let gnu = ["GPL", "LGPL", "AGPL"].iter().any(|family| id.split('-').next() == Some(family));
        if let Some(header) = header.filter(|_| !gnu) {
            let words = hashes(header);
            if words.iter().filter(|h| !MARKS.iter().any(|m| hash_of_mark(*m) == **h)).count() >= LEAST_HEADER {
                add(&mut by_text, (Kind::Notice, words.clone()), &id, deprecated, words);
            }
        }
    }
    newer(&mut by_text);
    let mut all: Vec<Template> = by_text.into_values().collect();
    for template in all.iter_mut().filter(|template| template.kind != Kind::Notice) {
        let old = obsolete.iter().filter(|(now, _)| template.ids.contains(now)).map(|(_, id)| id.clone());
        let old: Vec<String> = old.collect();
        template.ids.extend(old);
        family(template);
    }
    // Neighbours share most.
    all.sort_by(|a, b| a.ids.cmp(&b.ids).then(a.kind.cmp(&b.kind)));
    all
}

/// Licenses that the list of the spdx crate has and the checkout not yet, from the plain texts that SPDX_TEXTS names.
fn newer(all: &mut BTreeMap<(Kind, Vec<u64>), Template>) {
    let Some(folder) = std::env::var_os("SPDX_TEXTS").map(PathBuf::from) else { return };
    let known: Vec<String> = all.values().flat_map(|template| template.ids.clone()).collect();
    for license in spdx::identifiers::LICENSES.iter().filter(|license| !known.iter().any(|id| id == license.name)) {
        if license.flags & spdx::flags::IS_DEPRECATED != 0 || license.name.starts_with("GFDL") {
            continue;
        }
        let Ok(text) = fs::read_to_string(folder.join(license.name)) else { continue };
        let words: Vec<u64> = words::split(&text).iter().filter(|word| !word.light).map(|word| word.hash).collect();
        add(all, (Kind::License, words.clone()), license.name, false, words);
    }
}

fn add(
    all: &mut BTreeMap<(Kind, Vec<u64>), Template>,
    key: (Kind, Vec<u64>),
    id: &str,
    deprecated: bool,
    words: Vec<u64>,
) {
    let kind = key.0;
    let template =
        all.entry(key).or_insert_with(|| Template { kind, active: 0, ids: Vec::new(), words: words.clone() });
    if deprecated {
        template.ids.push(id.to_owned());
        return;
    }
    if template.active == 0 {
        // The text of an id that is in use is the one that is kept up.
        template.words = words;
    }
    template.ids.insert(template.active, id.to_owned());
    template.active += 1;
}

/// A text that serves `-only` and `-or-later` is called by what they have in common, which chooses nothing.
fn family(template: &mut Template) {
    let stems = template.ids.iter().filter_map(|id| id.strip_suffix("-or-later"));
    let stem = stems.min_by_key(|stem| stem.len()).map(str::to_owned);
    let Some(stem) = stem else { return };
    if template.kind == Kind::License && template.ids.contains(&format!("{stem}-only")) {
        template.ids.retain(|id| *id != stem);
        template.ids.insert(0, stem);
    }
}

/// The words of a template with marks.
fn hashes(node: roxmltree::Node) -> Vec<u64> {
    let mut text = String::new();
    write(node, &mut text);
    let [open, close] = [MARKS[2], MARKS[3]].map(hash_of_mark);
    let mut hashes = Vec::new();
    for word in words::split(&text) {
        let mark = MARKS.iter().any(|mark| hash_of_mark(*mark) == word.hash);
        match word.light && !mark {
            true => hashes.extend([open, word.hash, close]),
            false => hashes.push(word.hash),
        }
    }
    hashes
}

/// The words that turn what a license says.
fn weighty() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("../../../rules/licenses/weighty.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace)
}

fn write(node: roxmltree::Node, out: &mut String) {
    if let Some(text) = node.text().filter(|_| node.is_text()) {
        out.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        return;
    }
    let optional = |node: roxmltree::Node, out: &mut String| {
        out.push_str(" \u{e002} ");
        node.children().for_each(|child| write(child, out));
        out.push_str(" \u{e003} ");
    };
    match node.tag_name().name() {
        "bullet" => {}
        "titleText" | "optional" => optional(node, out),
        "copyrightText" => {
            out.push_str("\n\u{e001} ");
            optional(node, out);
            out.push_str(" \u{e001}\n");
        }
        "alt" => {
            let anything =
                node.attribute("match").is_some_and(|m| m.contains(".+") || m.contains(".*") || m.contains(".{"));
            let room = if anything { " \u{e001} " } else { " \u{e000} " };
            out.push_str(room);
            optional(node, out);
            // What turns the meaning costs even where there is room, unless the alternatives have it.
            let alternatives = node.attribute("match").unwrap_or_default().replace("\\s+", " ").replace("\\s", " ");
            let words: Vec<&str> = alternatives.split(|c: char| !c.is_ascii_alphabetic()).collect();
            for word in weighty().filter(|word| words.iter().any(|other| other.eq_ignore_ascii_case(word))) {
                out.push_str(&format!(" \u{e002} {word} \u{e003} "));
            }
            out.push_str(room);
        }
        "p" | "br" | "item" | "list" => {
            out.push('\n');
            node.children().for_each(|child| write(child, out));
            out.push('\n');
        }
        _ => node.children().for_each(|child| write(child, out)),
    }
}
