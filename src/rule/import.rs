//! Reads the rules that users have for other tools, so that they find here what they find there.
//!
//! | format | told by | what it is |
//! | --- | --- | --- |
//! | gitleaks, betterleaks 1 and 2 | `[[rules]]` or what else they have at the top | `gitleaks` reads, `extend` joins files, `build` makes rules |
//! | Nosey Parker, Kingfisher | YAML with `rules:` | `noseyparker` |
//!
//! What would change what is found and is not known is refused by name; a key that changes nothing is a note.

mod build;
mod extend;
mod gitleaks;
pub(crate) mod go;
mod names;
mod noseyparker;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::error::Error;
use crate::rule::allow::Allow;
use crate::rule::details::DetailsOf;
use crate::rule::expression::Expression;
use crate::rule::pack;
use crate::rule::secret::SecretRule;
use crate::text;

/// The files of other tools that are taken in where they lie in the root of the target, in this order.
pub const FILES: [&str; 2] = [".betterleaks.toml", ".gitleaks.toml"];

/// Longer files are refused, in bytes.
const LONGEST: u64 = 8 << 20;
/// A file with more rules is refused.
const MOST: usize = 10_000;

/// What a file of another tool says.
#[derive(Debug, Default)]
pub struct Imported {
    /// Its rules.
    pub rules: Vec<Arc<SecretRule>>,
    /// What its team has accepted of every rule.
    pub accepted: Accepted,
    /// What it has accepted of single built-in rules, by their ids without `secret/`.
    pub targeted: Vec<(String, Arc<Allow>)>,
    /// The ids of built-in rules that it switches off, without `secret/`.
    pub disabled: Vec<String>,
    /// What its reader ought to know, a sentence each.
    pub notes: Vec<String>,
    /// Files that were there and could not be taken in: why, and what to do.
    pub refused: Vec<(String, String)>,
}

impl Imported {
    /// Takes in what other tools have in the root of a repository. A file that cannot be taken in is told of and takes
    /// nothing from the others. A rule with the id of a built-in one stands beside it, under another id.
    pub fn discover(root: &Path) -> Self {
        let mut all = Self::default();
        for name in FILES {
            let file = root.join(name);
            // A link may lead out of the repository.
            if !std::fs::symlink_metadata(&file).is_ok_and(|about| about.is_file()) {
                continue;
            }
            match load(&Home { file: &file, root, bound: true }, Format::Gitleaks, name) {
                Ok(mut found) => {
                    let taken = pack::embedded().iter().chain(&all.rules).map(|rule| rule.id().to_owned()).collect();
                    found.stand_beside(&taken, name.trim_start_matches('.').trim_end_matches(".toml"));
                    found.rules.iter_mut().filter_map(Arc::get_mut).for_each(|rule| {
                        // The tools leave their own configuration out.
                        rule.not_paths.push(format!("^{}$", regex::escape(name)));
                    });
                    all.add(found);
                }
                Err(error) => all.refused.push((
                    format!("the rules in `{name}` were not taken in: {}", text::printable(&error.to_string())),
                    "correct the file, or set `import = false` under [secrets] in .scanall.toml".to_owned(),
                )),
            }
        }
        all
    }

    /// Gives the rules whose ids are taken others, that begin with the tool.
    fn stand_beside(&mut self, taken: &BTreeSet<String>, tool: &str) {
        let rename = |id: &str| taken.contains(id).then(|| format!("{tool}-{id}"));
        let own: BTreeSet<String> = self.rules.iter().map(|rule| rule.id().to_owned()).collect();
        for rule in self.rules.iter_mut().filter_map(Arc::get_mut) {
            if let (Some(id), Some(said)) = (rename(rule.id()), Arc::get_mut(&mut rule.rule)) {
                said.id = format!("secret/{id}");
            }
            if let DetailsOf::Read(details) = &mut rule.details {
                for need in details.needs.iter_mut().filter(|need| own.contains(&need.rule)) {
                    need.rule = rename(&need.rule).unwrap_or_else(|| need.rule.clone());
                }
            }
        }
    }

    /// Adds what another file says.
    pub fn add(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.accepted.allow.extend(other.accepted.allow);
        self.accepted.filters.extend(other.accepted.filters);
        self.targeted.extend(other.targeted);
        self.disabled.extend(other.disabled);
        self.notes.extend(other.notes);
        self.refused.extend(other.refused);
    }

    /// The built-in rules, just made, without those that are switched off, and with what was accepted of them.
    pub fn change(&self, mut rules: Vec<Arc<SecretRule>>) -> Vec<Arc<SecretRule>> {
        rules.retain(|rule| !self.disabled.iter().any(|id| id == rule.id()));
        for (id, allow) in &self.targeted {
            // Nobody else has rules that were just made.
            for rule in rules.iter_mut().filter(|rule| rule.id() == id).filter_map(Arc::get_mut) {
                rule.allow.push(Arc::clone(allow));
            }
        }
        rules
    }
}

/// What a team has accepted of every rule, those of others too.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// Allowlists.
    pub allow: Vec<Arc<Allow>>,
    /// Filters, with the file that they are in.
    pub filters: Vec<(String, Expression)>,
}

impl Accepted {
    /// Whether it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.filters.is_empty()
    }
}

/// The format of a file of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Ours.
    Pack,
    /// That of gitleaks and betterleaks.
    Gitleaks,
    /// That of Nosey Parker and Kingfisher.
    NoseyParker,
}

impl Format {
    /// Tells it by the content: ours has `[[rule]]`, theirs `[[rules]]`, or `rules:` in YAML. Ours is what it is when
    /// nothing tells, so that its reader says what is wrong.
    pub fn of(source: &str) -> Self {
        let heads = || source.lines().map(|line| line.split('#').next().unwrap_or_default().trim_end());
        let has = |names: &[&str]| {
            heads().any(|line| {
                let name = line.trim().trim_start_matches('[').trim_end_matches(']').trim();
                line.trim_start().starts_with('[') && names.iter().any(|known| name.eq_ignore_ascii_case(known))
            })
        };
        if has(&["rule"]) {
            return Self::Pack;
        }
        if has(&["rules", "allowlist", "allowlists", "extend"]) {
            return Self::Gitleaks;
        }
        let is_yaml = heads().any(|line| line == "rules:" || line.starts_with("rules: ") || line == "\"rules\":");
        let is_global = heads().any(|line| {
            let key = line.split_once('=').map_or("", |(key, _)| key.trim());
            ["prefilter", "filter", "rules"].contains(&key)
        });
        match (is_yaml, is_global) {
            (true, _) => Self::NoseyParker,
            (_, true) => Self::Gitleaks,
            _ => Self::Pack,
        }
    }
}

/// Where a file is, and where those may be that it names.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The file.
    pub file: &'a Path,
    /// The folder that files are named from where they are not beside the file, and that they must be in where the file
    /// comes with a repository.
    pub root: &'a Path,
    /// Whether it comes with a repository, and so may name only what is in it.
    pub bound: bool,
}

/// Reads the file of another tool, which messages call `origin`.
///
/// # Errors
/// It cannot be read, is not valid, or asks for what is not known and would change what is found.
pub fn load(home: &Home<'_>, format: Format, origin: &str) -> Result<Imported, Error> {
    let source = text_of(home.file)?;
    match format {
        Format::NoseyParker => noseyparker::read(&source, origin),
        _ => build::imported(extend::load(&source, origin, home)?, origin),
    }
}

/// The text of a file of bounded size.
fn text_of(file: &Path) -> Result<String, Error> {
    let refuse = || format!("cannot read the rules in `{}`", text::printable(&file.display().to_string()));
    let length = std::fs::metadata(file).map_err(|e| Error::usage(refuse()).because(e))?.len();
    if length > LONGEST {
        return Err(Error::usage(refuse()).because("the file is larger than 8 MiB"));
    }
    let bytes = std::fs::read(file).map_err(|e| Error::usage(refuse()).because(e))?;
    String::from_utf8(bytes).map_err(|_| Error::usage(refuse()).because("the file is not UTF-8"))
}
