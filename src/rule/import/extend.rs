//! Joins a configuration of gitleaks or betterleaks with those that it extends.

use std::path::{Path, PathBuf};

use super::Home;
use super::gitleaks::{Allowlist, File, Rule};
use crate::error::Error;
use crate::rule::expression::Dialect;
use crate::text;

/// How many files may extend each other, as in gitleaks; one behind that extends nothing.
const DEEPEST: usize = 2;

/// A configuration with all that it extends.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) rules: Vec<Rule>,
    pub(super) allowlists: Vec<Allowlist>,
    /// Global filters of both kinds: what they hold for does not count.
    pub(super) filters: Vec<String>,
    pub(super) dialect: Dialect,
    /// Whether it has what only betterleaks knows.
    pub(super) betterleaks: bool,
    /// Whether the built-in rules belong to it.
    pub(super) with_default: bool,
    /// The rules of the default that it switches off, by the ids of the tool.
    pub(super) disabled: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Joins a configuration with all that it extends.
///
/// # Errors
/// One cannot be read, is not valid, or is where it must not be.
pub(super) fn load(source: &str, origin: &str, home: &Home<'_>) -> Result<Config, Error> {
    read(source, origin, home, 0)
}

fn read(source: &str, origin: &str, home: &Home<'_>, depth: usize) -> Result<Config, Error> {
    let file = File::read(source, origin)?;
    let mut notes = notes(&file, origin);
    check_required(&file, origin)?;
    let dialect = file.dialect();
    let mut betterleaks = file.is_of_betterleaks();
    let File { extend, mut rules, allowlist, allowlists, prefilter, filter, .. } = file;
    let refuse = |what: &str| Error::usage(format!("`{origin}`: {what}"));
    if allowlist.is_some() && !allowlists.is_empty() {
        return Err(refuse("`[allowlist]` and `[[allowlists]]` cannot be used together"));
    }
    if !extend.path.is_empty() && extend.usedefault {
        return Err(refuse("`extend.path` and `extend.useDefault` cannot be used together"));
    }
    if !extend.url.is_empty() {
        return Err(refuse("`extend.url` is not supported"));
    }
    let mut filters: Vec<String> = [prefilter, filter].into_iter().filter(|text| !text.trim().is_empty()).collect();
    let mut allowlists: Vec<Allowlist> = allowlists.into_iter().chain(allowlist).collect();
    let mut with_default = extend.usedefault;
    let mut disabled = Vec::new();
    if extend.usedefault {
        disabled.clone_from(&extend.disabledrules);
    }
    if !extend.path.is_empty() && depth < DEEPEST {
        let path = find(&extend.path, home).map_err(|why| refuse(&format!("`extend.path`: {why}")))?;
        let base_source = super::text_of(&path)?;
        let base_origin = path.display().to_string();
        let base = read(&base_source, &base_origin, &Home { file: &path, ..*home }, depth + 1)?;
        rules = merged(rules, base.rules, &extend.disabledrules, dialect);
        // gitleaks attaches lists for single rules to those of the file that it was started with alone.
        allowlists.extend(base.allowlists.into_iter().filter(|list| list.targetrules.is_empty()));
        filters.extend(base.filters);
        with_default |= base.with_default;
        betterleaks |= base.betterleaks;
        disabled.extend(base.disabled);
        if base.with_default {
            disabled.extend(extend.disabledrules);
        }
        notes.extend(base.notes);
    } else if !extend.path.is_empty() {
        notes.push(format!("`{origin}`: `extend.path` is not followed any further"));
    }
    Ok(Config { rules, allowlists, filters, dialect, betterleaks, with_default, disabled, notes })
}

/// What changes nothing and its author ought to know.
fn notes(file: &File, origin: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let unknown = file.unknown();
    if !unknown.is_empty() {
        let names = text::printable(&unknown.join(", "));
        notes.push(format!(
            "`{origin}`: {} not known and ignored: {names}",
            if unknown.len() == 1 { "a key is" } else { "keys are" }
        ));
    }
    let live = file.rules.iter().filter(|r| r.validate.is_some() || r.analyze.is_some() || r.revoke.is_some()).count();
    if live > 0 {
        notes.push(format!("`{origin}`: the live checks of {} are not imported", text::count(live, "rule")));
    }
    notes
}

/// gitleaks looks for required rules in the file itself, betterleaks 2 in all; rules that nobody defines are refused
/// when all is joined.
fn check_required(file: &File, origin: &str) -> Result<(), Error> {
    for rule in &file.rules {
        let nameless = rule.required.iter().any(|r| r.id.is_empty()) || rule.components.iter().any(|c| c.id.is_empty());
        if nameless {
            return Err(Error::usage(format!(
                "rule `{}` in `{origin}`: what it requires has no id",
                text::printable(&rule.id)
            )));
        }
    }
    Ok(())
}

/// Where a configuration is that another names: beside it, or else in the root.
fn find(name: &str, home: &Home<'_>) -> Result<PathBuf, String> {
    let folder = home.file.parent().unwrap_or(Path::new("."));
    let shown = text::printable(name);
    let found = [folder, home.root].iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    let path = found.ok_or_else(|| format!("there is no file `{shown}`"))?;
    if !home.bound {
        return Ok(path);
    }
    let real = |path: &Path| path.canonicalize().map_err(|e| format!("`{shown}` cannot be read: {e}"));
    match real(&path)?.starts_with(real(home.root)?) {
        true => Ok(path),
        false => Err(format!("`{shown}` is outside of the repository")),
    }
}

/// The rules of a configuration and of the one that it extends. A rule of both is one: gitleaks and betterleaks 1 take
/// from the extending one what it says and add its lists, betterleaks 2 takes it whole.
fn merged(rules: Vec<Rule>, base: Vec<Rule>, disabled: &[String], dialect: Dialect) -> Vec<Rule> {
    let mut all: Vec<Rule> = rules;
    for under in base.into_iter().filter(|rule| !disabled.contains(&rule.id)) {
        match all.iter_mut().find(|rule| rule.id == under.id) {
            None => all.push(under),
            Some(_) if dialect == Dialect::V2 => {}
            Some(over) => over.extend(under),
        }
    }
    all
}

impl Rule {
    /// Takes from another what this one does not say, and adds its lists.
    fn extend(&mut self, under: Self) {
        let said = |over: &mut String, under: String| {
            if over.is_empty() {
                *over = under;
            }
        };
        said(&mut self.description, under.description);
        said(&mut self.path, under.path);
        said(&mut self.regex, under.regex);
        said(&mut self.filter, under.filter);
        if self.entropy == 0.0 {
            self.entropy = under.entropy;
        }
        if self.secretgroup == 0 {
            self.secretgroup = under.secretgroup;
        }
        self.specificity = self.specificity.or(under.specificity);
        self.keywords.extend(under.keywords);
        self.tags.extend(under.tags);
        self.allowlists.extend(under.allowlists.into_iter().chain(under.allowlist));
        // What an extending rule says of these is not taken over by gitleaks.
        self.required = under.required;
        self.skipreport = under.skipreport;
        self.tokenefficiency |= under.tokenefficiency;
    }
}
