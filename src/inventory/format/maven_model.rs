//! Defines [`Model`]: what a `pom.xml` says (<https://maven.apache.org/pom.html>), with the parents and the bills of
//! materials that are in the target.

use std::collections::HashMap;

use roxmltree::Node;

use super::markup;
use crate::finding::RepoPath;
use crate::inventory::source::Source;

/// More parents, or bills of materials in each other, are not read.
const MAX_ABOVE: usize = 16;

/// More files are not looked at for one bill of materials.
const MAX_CANDIDATES: usize = 64;

/// More properties in each other are not resolved.
const MAX_PROPERTIES: usize = 32;

/// Longer values are no versions.
const MAX_VALUE: usize = 1_000;

/// A dependency as it is written.
#[derive(Clone, Default)]
pub(super) struct Wanted {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) scope: String,
    pub(super) optional: bool,
    kind: String,
    classifier: String,
    /// The number of the line of its name.
    pub(super) line: u32,
}

/// What a project says, and what it inherits.
#[derive(Default)]
pub(super) struct Model {
    pub(super) group: String,
    pub(super) artifact: String,
    version: String,
    /// The group, name and version of the parent.
    parent: (String, String, String),
    properties: HashMap<String, String>,
    /// Own ones first, then those of each parent.
    management: Vec<Wanted>,
    /// Its own dependencies only.
    pub(super) dependencies: Vec<Wanted>,
    /// Parents and bills of materials that are not in the target, as `group:name`.
    pub(super) missing: Vec<String>,
}

/// Versions of managed dependencies, by group, name, kind and classifier.
pub(super) type Managed = HashMap<(String, String, String, String), Wanted>;

impl Model {
    /// The model of a document with its parents.
    pub(super) fn of(source: &Source, root: Node) -> Self {
        let mut model = Self::plain(source, root);
        let mut relative = parent_path(root);
        let mut path = source.path.clone();
        for _ in 0..MAX_ABOVE {
            let (group, artifact, version) = model.parent.clone();
            if artifact.is_empty() {
                return model;
            }
            let file = relative.as_deref().and_then(|relative| open(source, &path, relative));
            let found = file.and_then(|file| {
                let read = markup::peek(&file, |root| (Self::plain(&file, root), parent_path(root)))?;
                Some((file.path.clone(), read))
            });
            let Some((at, (above, next))) = found.filter(|(_, (above, _))| above.is(&group, &artifact, &version))
            else {
                model.missing.push(format!("{group}:{artifact}"));
                return model;
            };
            (path, relative) = (at, next);
            model.inherit(above);
        }
        model
    }

    fn plain(source: &Source, root: Node) -> Self {
        let parent = markup::child(root, "parent");
        let of_parent = |name: &str| parent.map_or("", |parent| markup::text_at(parent, name)).to_owned();
        let own = |name: &str| match markup::text_at(root, name) {
            "" => of_parent(name),
            text => text.to_owned(),
        };
        let management =
            markup::child(root, "dependencyManagement").map(|node| wanted(source, node)).unwrap_or_default();
        let properties = markup::child(root, "properties").into_iter().flat_map(|node| node.children());
        Self {
            group: own("groupId"),
            artifact: markup::text_at(root, "artifactId").to_owned(),
            version: own("version"),
            parent: (of_parent("groupId"), of_parent("artifactId"), of_parent("version")),
            properties: properties
                .filter(Node::is_element)
                .map(|node| (node.tag_name().name().to_owned(), node.text().unwrap_or_default().trim().to_owned()))
                .collect(),
            management,
            dependencies: wanted(source, root),
            missing: Vec::new(),
        }
    }

    /// Whether it is the project of a name; versions that are computed are not compared.
    fn is(&self, group: &str, artifact: &str, version: &str) -> bool {
        let same = |a: &str, b: &str| a == b || a.contains("${") || b.contains("${");
        self.artifact == artifact && same(&self.group, group) && same(&self.version, version)
    }

    fn inherit(&mut self, above: Self) {
        for (name, value) in above.properties {
            self.properties.entry(name).or_insert(value);
        }
        self.management.extend(above.management);
        self.parent = above.parent;
        if self.group.is_empty() {
            self.group = above.group;
        }
        if self.version.is_empty() {
            self.version = above.version;
        }
    }

    /// A text with the values of its properties; one that is not known stays as it is.
    pub(super) fn resolved(&self, text: &str) -> String {
        let (mut text, mut from) = (text.trim().to_owned(), 0);
        for _ in 0..MAX_PROPERTIES {
            let Some(start) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| at + from) else { break };
            let Some(end) = text.get(start..).and_then(|rest| rest.find('}')).map(|at| at + start) else { break };
            match self.property(text.get(start + 2..end).unwrap_or_default()) {
                Some(value) if value.len() <= MAX_VALUE => text.replace_range(start..=end, &value.clone()),
                _ => from = end,
            }
        }
        text
    }

    fn property(&self, name: &str) -> Option<String> {
        let name = name.trim();
        let bare = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")).unwrap_or(name);
        let own = match bare {
            "version" => &self.version,
            "groupId" => &self.group,
            "artifactId" => &self.artifact,
            "parent.version" => &self.parent.2,
            "parent.groupId" => &self.parent.0,
            _ => "",
        };
        if !own.is_empty() && !own.contains(&format!("${{{name}}}")) {
            return Some(own.to_owned());
        }
        self.properties.get(name).cloned()
    }

    /// The dependencies that it manages, with those of bills of materials in the target.
    pub(super) fn managed(&mut self, source: &Source) -> Managed {
        self.managed_at(source, 0)
    }

    fn managed_at(&mut self, source: &Source, depth: usize) -> Managed {
        let mut managed = Managed::new();
        let mut imports = Vec::new();
        for wanted in &self.management {
            let wanted = Wanted { version: self.resolved(&wanted.version), ..wanted.clone() };
            match self.resolved(&wanted.scope) == "import" {
                true => imports.push(wanted),
                false => drop(managed.entry(self.key(&wanted)).or_insert(wanted)),
            }
        }
        for import in imports {
            let (group, artifact) = (self.resolved(&import.group), self.resolved(&import.artifact));
            let found = (depth < MAX_ABOVE).then(|| find(source, &group, &artifact, &import.version)).flatten();
            match found {
                Some((file, mut model)) => {
                    for (key, wanted) in model.managed_at(&file, depth + 1) {
                        managed.entry(key).or_insert(wanted);
                    }
                    self.missing.append(&mut model.missing);
                }
                None => self.missing.push(format!("{group}:{artifact}")),
            }
        }
        managed
    }

    /// What a managed dependency is known by.
    pub(super) fn key(&self, wanted: &Wanted) -> (String, String, String, String) {
        let kind = if wanted.kind.is_empty() { "jar" } else { &wanted.kind };
        (
            self.resolved(&wanted.group),
            self.resolved(&wanted.artifact),
            kind.to_owned(),
            self.resolved(&wanted.classifier),
        )
    }
}

/// The dependencies below a node.
fn wanted(source: &Source, node: Node) -> Vec<Wanted> {
    let list = markup::child(node, "dependencies");
    let items = list.into_iter().flat_map(|list| list.children()).filter(|item| item.tag_name().name() == "dependency");
    items
        .map(|item| {
            let of = |name: &str| markup::text_at(item, name).to_owned();
            Wanted {
                group: of("groupId"),
                artifact: of("artifactId"),
                version: of("version"),
                scope: of("scope"),
                optional: of("optional") == "true",
                kind: of("type"),
                classifier: of("classifier"),
                line: markup::line(source, markup::child(item, "artifactId").unwrap_or(item)),
            }
        })
        .collect()
}

/// Where the parent is, from the folder of the file; `None` where it is said to be in no folder.
fn parent_path(root: Node) -> Option<String> {
    let parent = markup::child(root, "parent")?;
    match markup::child(parent, "relativePath").map(|path| path.text().unwrap_or_default().trim()) {
        None => Some("../pom.xml".to_owned()),
        Some("") => None,
        Some(path) if path.ends_with(".xml") => Some(path.to_owned()),
        Some(path) => Some(format!("{path}/pom.xml")),
    }
}

/// A file by its path from the folder of another.
fn open<'a>(source: &Source<'a>, path: &RepoPath, relative: &str) -> Option<Source<'a>> {
    let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    let up = "../".repeat(source.path.as_str().matches('/').count());
    source.neighbour(&format!("{up}{folder}/{relative}"))
}

/// The project of a name, anywhere in the target where its folder has a name like its own, or is the root.
fn find<'a>(source: &Source<'a>, group: &str, artifact: &str, version: &str) -> Option<(Source<'a>, Model)> {
    let folder = |path: &RepoPath| match path.as_str().strip_suffix("pom.xml") {
        Some("") => Some(String::new()),
        rest => rest?.strip_suffix('/')?.rsplit('/').next().map(str::to_owned),
    };
    let is_like = |name: &str| artifact.contains(name) || name.contains(artifact);
    let named = source.listing().iter().filter_map(|path| Some((folder(path)?, path)));
    let mut candidates: Vec<_> = named.filter(|(name, _)| is_like(name)).collect();
    candidates.sort_by_key(|(name, path)| (name != artifact, *path));
    let tag = format!(">{artifact}<");
    candidates.into_iter().take(MAX_CANDIDATES).find_map(|(_, path)| {
        let file = open(source, &RepoPath::new("pom.xml"), path.as_str())?;
        if path == &source.path || memchr::memmem::find(file.text.as_bytes(), tag.as_bytes()).is_none() {
            return None;
        }
        let model = markup::peek(&file, |root| Model::of(&file, root))?;
        model.is(group, artifact, version).then_some((file, model))
    })
}
