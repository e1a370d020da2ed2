//! Finds copies of JavaScript libraries in the project, by what is in them: the comment at their top, or the place in their
//! code that says their version. `rules/javascript.toml` has the libraries.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::Deserialize;

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format =
    Format { id: "javascript", about: "a JavaScript library", role: Role::Vendored, wants: may_be_one, read };

/// So much of a file is searched from its beginning and before its end, in bytes. What bundlers write is larger, but begins
/// or ends with the comments of what is in it.
const HEAD: usize = 1 << 20;
const TAIL: usize = 16 << 10;

/// No more copies are told of one file.
const MAX_FOUND: usize = 100;

/// A version, as libraries write theirs.
const VERSION: &str = r"v?(?P<version>[0-9]+\.[0-9]+(?:\.[0-9]+)*(?:[-.]?(?:alpha|beta|rc|pre|next|dev|canary)[-.]?[0-9.]*[0-9]|-(?:alpha|beta|rc|pre|next|dev))?)(?:\+build[0-9a-z.]*)?";

/// Stands for it in the rules.
const PLACEHOLDER: &str = "<version>";

/// The beginning of a comment, or of a line in one.
const BEGIN: &str = r"(?m:^[ \t;]*|/\*|//)[ \t\r\n*!/]*(?:@(?:license|preserve|name|overview|file|fileoverview)[ \t\r\n*]*)*(?P<place>)";

/// What may stand behind the version in such a comment: words there speak of something else ("jQuery v1.7 or newer").
const END: &str =
    r"(?:[|,;(]|(?m:$)|[ \t]+(?:\*/|[-|(<*,]|https?:|[Cc]opyright|by\b|[a-z.]+\.(?:com|org|net|io)\b)|[\r\n])";

/// The libraries that are known.
#[derive(Deserialize)]
struct Rules {
    /// Parts of the names of files that hold several libraries.
    bundles: Vec<String>,
    library: Vec<Library>,
}

/// A library.
#[derive(Deserialize)]
struct Library {
    /// Its name on npm.
    name: String,
    /// Each copy has one of these in it, in any case; so have the names of most files with one.
    words: Vec<String>,
    /// What stands at the beginning of a line of a comment.
    #[serde(default)]
    banner: Vec<String>,
    /// What stands in the code.
    #[serde(default)]
    code: Vec<String>,
    #[serde(skip)]
    patterns: OnceLock<Vec<Regex>>,
}

struct Known {
    libraries: Vec<Library>,
    /// The words of all libraries, and of which each is.
    words: Option<AhoCorasick>,
    owners: Vec<usize>,
    bundles: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let empty = || Rules { bundles: Vec::new(), library: Vec::new() };
    let rules: Rules = toml::from_str(include_str!("../../../rules/javascript.toml")).unwrap_or_else(|_| empty());
    let pairs: Vec<(usize, &String)> =
        rules.library.iter().enumerate().flat_map(|(at, library)| library.words.iter().map(move |w| (at, w))).collect();
    let words = AhoCorasick::builder().ascii_case_insensitive(true).build(pairs.iter().map(|(_, word)| word.as_str()));
    let owners = pairs.iter().map(|(at, _)| *at).collect();
    // A test holds the rules to be valid.
    Known { words: words.ok(), owners, libraries: rules.library, bundles: rules.bundles }
});

impl Known {
    /// The libraries of which some word is in a text.
    fn named(&self, text: &str) -> BTreeSet<usize> {
        let found = self.words.iter().flat_map(|words| words.find_overlapping_iter(text));
        found.filter_map(|found| self.owners.get(found.pattern().as_usize()).copied()).collect()
    }
}

impl Library {
    fn patterns(&self) -> &[Regex] {
        self.patterns.get_or_init(|| {
            let banners =
                self.banner.iter().map(|banner| format!("{BEGIN}{}{END}", banner.replace(PLACEHOLDER, VERSION)));
            let code = self.code.iter().map(|code| format!("(?P<place>){}", code.replace(PLACEHOLDER, VERSION)));
            banners.chain(code).filter_map(|pattern| Regex::new(&pattern).ok()).collect()
        })
    }
}

fn may_be_one(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    let is_script = [".js", ".mjs", ".cjs"].iter().any(|end| name.ends_with(end));
    if !is_script || path.as_str().split('/').any(|part| part == "node_modules") {
        return false;
    }
    let known = &*KNOWN;
    known.bundles.iter().any(|part| name.contains(part))
        || known.words.as_ref().is_some_and(|words| words.is_match(name.as_str()))
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let text = source.text.as_str();
    let head = part(text, 0, HEAD);
    let tail = part(text, text.len().saturating_sub(TAIL).max(head.len()), text.len());
    let mut found: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    for piece in [head, tail] {
        for library in KNOWN.named(piece).into_iter().filter_map(|at| KNOWN.libraries.get(at)) {
            for copy in library.patterns().iter().flat_map(|pattern| pattern.captures_iter(piece)) {
                let (Some(version), Some(place)) = (copy.name("version"), copy.name("place")) else { continue };
                // The place is empty, and still a piece of the text.
                let offset = (place.as_str().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
                found.insert((offset, &library.name, version.as_str()));
            }
        }
    }
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (offset, name, version) in found {
        if told.len() < MAX_FOUND && told.insert((name, version)) {
            reading.add(Draft::new(Ecosystem::Npm, name, version, source.line_at(offset)));
        }
    }
    Ok(())
}

/// A part of a text from one byte to another, moved to where letters begin.
fn part(text: &str, from: usize, to: usize) -> &str {
    let edge = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    text.get(edge(from)..edge(to)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::source::Source;

    fn found(text: &str) -> Vec<String> {
        let source = Source::new(RepoPath::new("a.js"), text.to_owned());
        let mut reading = Reading::new(&source);
        read(&mut reading).unwrap();
        let line = |package: &crate::inventory::Dependency| package.location.span.map_or(0, |span| span.start_line);
        reading.finish().packages.iter().map(|p| format!("{} {} {}", p.name, p.version, line(p))).collect()
    }

    #[test]
    fn the_rules_are_valid() {
        let rules: Rules = toml::from_str(include_str!("../../../rules/javascript.toml")).unwrap();
        assert!(rules.library.len() >= 40);
        for library in &rules.library {
            assert_eq!(library.patterns().len(), library.banner.len() + library.code.len(), "{}", library.name);
            assert!(!library.words.is_empty() && !library.patterns().is_empty(), "{}", library.name);
        }
        assert_eq!(KNOWN.libraries.len(), rules.library.len());
    }

    #[test]
    fn copies_and_what_only_speaks_of_a_library() {
        assert_eq!(
            found(
                "/*! jQuery v3.4.1 | (c) JS Foundation and other contributors | jquery.org/license */\n!function(){}"
            ),
            ["jquery 3.4.1 1"]
        );
        assert_eq!(found("\n/*!\n * jQuery JavaScript Library v1.4.2\n * http://jquery.com/\n */"), ["jquery 1.4.2 3"]);
        for other in [
            "/* needs jQuery v1.7 | or newer */",
            "/*\n * jQuery v1.7 or newer is needed\n */",
            "/*! jQuery Cookie Thing v1.4.1 */",
            "var jquery = '3.4.1';",
            "// jquery-3.4.1.min.js\n",
        ] {
            assert_eq!(found(other), [""; 0], "{other}");
        }
    }

    #[test]
    fn names_of_files() {
        for (path, may) in [
            ("public/js/jquery-3.4.1.min.js", true),
            ("vendor/jquery.js", true),
            ("node_modules/jquery/dist/jquery.js", false),
            ("src/main.js", false),
            ("jquery.css", false),
        ] {
            assert_eq!(may_be_one(&RepoPath::new(path)), may, "{path}");
        }
    }
}
