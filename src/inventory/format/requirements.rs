//! Reads `requirements.txt` and its like (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>), with what
//! pip-compile and uv write into comments.

mod line;
mod via;

use std::collections::{HashMap, HashSet};

use super::python::manifest::Manifest;
use super::python::{Requirement, archive, hash, normalized, pin, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::{Location, RepoPath};
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;
use line::{Line, Word};
use via::Asker;

pub(super) const FORMAT: Format =
    Format { id: "requirements-txt", about: "requirements.txt", role: Role::Alone, wants, read };

/// Files that are included in each other deeper are not read.
const MAX_DEPTH: usize = 16;

/// More files are not included.
const MAX_FILES: usize = 200;

/// More faults are not told.
const MAX_FAULTS: usize = 20;

/// Words in the name of a file that say that it is not for the product.
const DEV: [&str; 16] = [
    "dev",
    "develop",
    "development",
    "test",
    "tests",
    "testing",
    "lint",
    "linting",
    "docs",
    "doc",
    "ci",
    "typing",
    "mypy",
    "style",
    "format",
    "debug",
];

fn wants(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    let folder = path.as_str().rsplit('/').nth(1).unwrap_or_default();
    // Rye locks into files of the same form.
    let Some(name) = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".lock")) else { return false };
    // `dev-requirements`, `requirements3`, `requirementsTest`; but no `WithRequirementsTxt`.
    let is_word = |word: &str| {
        word.starts_with("requirements")
            || word.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("requirements")
    };
    name.split(['-', '_', '.', ' ']).any(is_word) || folder == "requirements" && !name.contains("constraint")
}

/// Lines by the names of the packages that they ask for, with the versions.
type Lines = HashMap<String, (Location, String)>;

/// What is read of a file and those that it includes.
struct Reader<'a, 'b> {
    reading: &'a mut Reading<'b>,
    /// The files that were read, and how many lines made no sense.
    files: HashSet<String>,
    faults: usize,
    /// What constraints pin, by name.
    pinned: HashMap<String, String>,
    /// Whether the registry that is asked first is another.
    is_elsewhere: bool,
    scope: Option<Scope>,
    /// The lines of files that compiled ones are made of, by path and by name, and the versions that they ask for.
    asked: HashMap<String, Lines>,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let name = name_of(&source.path).to_ascii_lowercase();
    let is_dev = name.split(|c: char| !c.is_alphanumeric()).any(|word| DEV.contains(&word));
    let mut reader = Reader {
        reading,
        files: HashSet::from([source.path.as_str().to_owned()]),
        faults: 0,
        pinned: HashMap::new(),
        is_elsewhere: false,
        scope: is_dev.then_some(Scope::Dev),
        asked: HashMap::new(),
    };
    let lines = line::lines(&source.text);
    reader.before(source, &lines, 0);
    let found = reader.file(source, &lines, 0);
    let faults = reader.faults;
    if found == 0 && faults > 0 && lines.len() == faults {
        let first = lines.first().map_or(1, |line| line.number);
        return Err(Unreadable::new("no line of it asks for a package").at(first));
    }
    Ok(())
}

impl Reader<'_, '_> {
    /// Takes what holds for all lines, wherever it stands: constraints and the registry.
    fn before(&mut self, source: &Source, lines: &[Line], depth: usize) {
        for line in lines {
            match line.word() {
                Word::Constraints(path) => self.constraints(source, path, depth),
                Word::Index(url) => self.is_elsewhere = source_of(url) != PackageSource::Public,
                _ => {}
            }
        }
    }

    /// Takes what a file of constraints pins; what it only names is not asked for.
    fn constraints(&mut self, source: &Source, path: &str, depth: usize) {
        let Some(file) = self.open(source, path, depth) else { return };
        let lines = line::lines(&file.text);
        for line in &lines {
            match line.word() {
                Word::Requirement(text) => {
                    let asked = Requirement::parse(text);
                    if let Some((asked, version)) =
                        asked.and_then(|asked| Some((asked, pin(asked.versions)?.to_owned())))
                    {
                        self.pinned.insert(normalized(asked.name), version);
                    }
                }
                Word::Constraints(inner) | Word::Include(inner) => self.constraints(&file, inner, depth + 1),
                _ => {}
            }
        }
    }

    /// A file that another names, if it is in the target and was not read yet.
    fn open<'s>(&mut self, source: &'s Source, path: &str, depth: usize) -> Option<Source<'s>> {
        if depth >= MAX_DEPTH || self.files.len() >= MAX_FILES || path.contains("://") {
            return None;
        }
        let file = source.neighbour(path)?;
        self.files.insert(file.path.as_str().to_owned()).then_some(file)
    }

    /// Reads the lines of a file, and says how many ask for packages.
    fn file(&mut self, source: &Source, lines: &[Line], depth: usize) -> usize {
        let mut nodes: HashMap<String, Node> = HashMap::new();
        let mut askers: Vec<(Node, String, &Line)> = Vec::new();
        let is_compiled = source.text.contains("autogenerated by");
        let is_told = lines.iter().any(|line| !line.comments.is_empty() && !via::askers(&line.comments).is_empty());
        let mut found = 0;
        for line in lines {
            let draft = match line.word() {
                Word::Requirement(text) => match Requirement::parse(text) {
                    Some(asked) => self.required(&asked, line),
                    None if is_project(text) => Some(Draft::default()),
                    None => location_draft(text, line.number),
                },
                Word::Location(text) => location_draft(text, line.number).or(Some(Draft::default())),
                Word::Include(path) => {
                    self.include(source, path, line, depth);
                    found += 1;
                    continue;
                }
                Word::Constraints(_) | Word::Index(_) | Word::Option => {
                    found += 1;
                    continue;
                }
                Word::Nothing => continue,
            };
            let Some(draft) = draft else {
                self.fault(source, line);
                continue;
            };
            found += 1;
            let name = normalized(&draft.name);
            let draft = Draft {
                hashes: line.hashes().filter_map(hash).collect(),
                scope: self.scope,
                direct: draft.direct.or((!is_told && !is_compiled).then_some(true)),
                location: (depth > 0).then(|| source.location(line.number)),
                ..draft
            };
            if let Some(node) = self.reading.add(draft) {
                nodes.insert(name.clone(), node);
                askers.push((node, name, line));
            }
        }
        for (node, name, line) in askers.into_iter().filter(|_| is_told) {
            for asker in via::askers(&line.comments) {
                self.asked(source, &nodes, node, &name, &asker);
            }
        }
        found
    }

    fn asked(&mut self, source: &Source, nodes: &HashMap<String, Node>, node: Node, name: &str, asker: &Asker) {
        match asker {
            Asker::Package(by) => {
                if let Some(by) = nodes.get(&normalized(by)).filter(|by| **by != node) {
                    self.reading.needs(*by, node);
                }
            }
            Asker::File(path) => {
                let scope = self.scope.unwrap_or_default();
                let lines = self.asked.entry((*path).to_owned()).or_insert_with(|| lines_in(source, path));
                let (line, versions) = lines.get(name).cloned().unzip();
                self.reading.root_as(node, scope, line, versions.as_deref().unwrap_or_default());
            }
        }
    }

    fn required(&mut self, asked: &Requirement, line: &Line) -> Option<Draft> {
        let mut draft = asked.draft(line.number);
        if self.is_elsewhere && asked.url.is_empty() {
            draft.source = PackageSource::Elsewhere;
        }
        if draft.version.is_empty()
            && asked.url.is_empty()
            && let Some(version) = self.pinned.get(&normalized(asked.name))
        {
            draft.version.clone_from(version);
            draft.requirement.clear();
        }
        Some(draft)
    }

    /// Reads a file that another includes. One that is read on its own anyway is left to that.
    fn include(&mut self, source: &Source, path: &str, line: &Line, depth: usize) {
        let known = self.files.len();
        match self.open(source, path, depth) {
            Some(file) if wants(&file.path) => {}
            Some(file) => {
                let lines = line::lines(&file.text);
                self.before(&file, &lines, depth + 1);
                self.file(&file, &lines, depth + 1);
            }
            // What was read already is in no need of it.
            None if source.neighbour(path).is_some_and(|file| self.files.contains(file.path.as_str())) => {}
            None if depth >= MAX_DEPTH || known >= MAX_FILES => {
                self.tell(source, line, &format!("`{path}` is not read: too many files include each other"));
            }
            None => self.tell(source, line, &format!("`{path}`, which it includes, is not in here or cannot be read")),
        }
    }

    fn fault(&mut self, source: &Source, line: &Line) {
        self.faults += 1;
        if self.faults <= MAX_FAULTS {
            self.tell(source, line, "this line asks for no package");
        }
    }

    fn tell(&mut self, source: &Source, line: &Line, why: &str) {
        match source.path == self.reading.source.path {
            true => self.reading.broken(line.number, why),
            false => {
                let why = crate::text::printable(why);
                self.reading.gap(crate::scanner::Gap::broken(format!("`{}` line {}: {why}", source.path, line.number)));
            }
        }
    }
}

/// Whether a path is that of the project itself, with or without extras.
fn is_project(text: &str) -> bool {
    matches!(text.split('[').next().unwrap_or_default().trim_end_matches('/'), "." | "..")
}

/// The package that an address or a path is, if it tells a name.
fn location_draft(text: &str, line: u32) -> Option<Draft> {
    let text = text.trim();
    let is_place = text.contains("://") || text.starts_with(['.', '/']) || archive(text).is_some();
    if !is_place && !text.contains(['/', '\\', '@']) {
        return None;
    }
    let egg = text.split_once('#').and_then(|(_, rest)| rest.split('&').find_map(|part| part.strip_prefix("egg=")));
    let named = archive(text);
    let name = match (egg.and_then(Requirement::parse), named) {
        (Some(egg), _) => egg.name.to_owned(),
        (None, Some((name, _))) => name.to_owned(),
        _ => {
            // The last folder of a path, or the repository.
            let path = text.split(['#', '[']).next().unwrap_or_default().trim_end_matches('/');
            let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
            let last = last.split('@').next().unwrap_or_default();
            last.strip_suffix(".git").unwrap_or(last).to_owned()
        }
    };
    let is_name = name.starts_with(|c: char| c.is_alphanumeric());
    let version = named.map_or("", |(_, version)| version);
    is_name.then(|| Draft {
        source: source_of(text),
        requirement: if version.is_empty() { text.to_owned() } else { String::new() },
        ..Draft::new(Ecosystem::PyPi, &name, version, line)
    })
}

/// The lines of a file that ask for packages, by name; none where the file is not in here.
fn lines_in(source: &Source, path: &str) -> Lines {
    // Made elsewhere, a path may be one of that place.
    let beside = || source.neighbour(path.rsplit('/').next()?);
    let Some(file) = source.neighbour(path).or_else(beside) else { return HashMap::new() };
    let mut all = HashMap::new();
    if path.ends_with(".toml") {
        for asked in Manifest::of(&file).0.asks {
            let versions = asked.versions().to_owned();
            all.entry(normalized(&asked.name)).or_insert((asked.location, versions));
        }
        return all;
    }
    for line in line::lines(&file.text) {
        if let Word::Requirement(text) = line.word()
            && let Some(asked) = Requirement::parse(text)
        {
            let found = || (file.location(line.number), asked.versions().to_owned());
            all.entry(normalized(asked.name)).or_insert_with(found);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (path, expected) in [
            ("requirements.txt", true),
            ("app/dev-requirements.txt", true),
            ("requirements_test3.txt", true),
            ("RequirementsDev.txt", true),
            ("requirements/base.txt", true),
            ("requirements/constraints.txt", false),
            ("requirements-dev.lock", true),
            ("Cargo.lock", false),
            ("tests/Snapshots/Image.WithRequirementsTxt.verified.txt", false),
            ("notes.txt", false),
        ] {
            assert_eq!(wants(&RepoPath::new(path)), expected, "{path}");
        }
    }
}
