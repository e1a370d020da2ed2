//! `scanall packages`: every dependency, with the line that names it.

use comfy_table::Cell;
use serde::Serialize;

use super::look::with_context;
use super::{Answer, Surroundings};
use crate::cli::ScanArgs;
use crate::cli::packages::PackagesArgs;
use crate::cli::scan::WhatArgs;
use crate::error::Error;
use crate::exit;
use crate::finding::Location;
use crate::inventory::{Dependency, Inventory, PackageSource, Scope};
use crate::license::sources;
use crate::output::style::Style;
use crate::{output, text};

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;

/// Lists the dependencies of the target.
///
/// # Errors
/// The target or its configuration cannot be read.
pub fn run(args: &PackagesArgs, around: &Surroundings) -> Result<Answer, Error> {
    let wanted = ScanArgs {
        path: args.path.clone(),
        ingest: args.ingest.clone(),
        what: WhatArgs { config: args.config.clone(), offline: true, ..WhatArgs::default() },
        ..ScanArgs::default()
    };
    with_context(&wanted, around, |context| {
        let inventory = &sources::licensed(context);
        let scopes: Vec<Scope> = args.scope.iter().copied().map(Scope::from).collect();
        let is_wanted = |package: &&Dependency| {
            (scopes.is_empty() || scopes.contains(&package.scope))
                && (args.ecosystem.is_empty() || args.ecosystem.contains(&package.ecosystem))
                && (!args.direct || package.direct == Some(true))
        };
        let packages: Vec<&Dependency> = inventory.packages.iter().filter(is_wanted).collect();
        let text = match args.listing.is_json() {
            true => json(inventory, &packages)?,
            false => table(inventory, &packages, around.style),
        };
        let code = if inventory.gaps.is_empty() { 0 } else { exit::INCOMPLETE };
        Ok(Answer { text, code })
    })
}

fn table(inventory: &Inventory, packages: &[&Dependency], style: Style) -> String {
    let mut out = String::new();
    if !packages.is_empty() {
        let mut table = style.table();
        table.set_header(["Package", "Version", "Ecosystem", "For", "Where"]);
        for package in packages {
            let version = match (package.version.as_str(), package.requirement.as_str()) {
                ("", "") => "not pinned".to_owned(),
                ("", requirement) => format!("not pinned: {requirement}"),
                (version, _) => version.to_owned(),
            };
            let cells = [
                package.name.clone(),
                version,
                package.ecosystem.to_string(),
                purpose(inventory, package),
                package.location.to_string(),
            ];
            table.add_row(cells.map(|cell| Cell::new(text::printable(&cell))));
        }
        if let Some(column) = table.column_mut(0) {
            column.set_padding((0, 1));
        }
        out = format!("{}\n\n", table.trim_fmt());
    }
    let files = text::count(inventory.files.len(), "file");
    out += &format!("{} in {files}\n", text::count(packages.len(), "package"));
    for gap in &inventory.gaps {
        out += &format!("{} {}\n", style.warning("not read:"), text::printable(&gap.message));
    }
    out
}

/// What a package is for, and why it is there: `runtime`, `dev, by eslint`.
fn purpose(inventory: &Inventory, package: &Dependency) -> String {
    let scope = package.scope.word();
    match (package.source, package.direct, inventory.way(package).first()) {
        (PackageSource::Local, ..) => "the project itself".to_owned(),
        (_, Some(false), Some(first)) if *first != package.name => format!("{scope}, by {first}"),
        (_, Some(false), _) => format!("{scope}, indirect"),
        _ => scope.to_owned(),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    /// Whether everything could be read.
    complete: bool,
    files: Vec<&'a str>,
    packages: Vec<Entry<'a>>,
    /// What could not be read, in words.
    gaps: Vec<String>,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// The package URL with its version.
    purl: String,
    /// As OSV calls it, or the type of its package URLs where OSV has none.
    ecosystem: &'a str,
    name: &'a str,
    /// `null` when it is not pinned.
    version: Option<&'a str>,
    /// What the file asks for; `null` where it only names a version.
    requirement: Option<&'a str>,
    /// `public`, `elsewhere` or `local`.
    source: &'static str,
    scope: &'static str,
    /// `null` where the file does not tell.
    direct: Option<bool>,
    location: Place<'a>,
    /// The line of the manifest that asks for it, or for what pulls it in.
    manifest: Option<Place<'a>>,
    /// The names from a direct dependency down to this one.
    path: Vec<String>,
    licenses: &'a [String],
    hashes: &'a [String],
    /// The package URLs of what it needs.
    dependencies: Vec<String>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    /// `null` when the whole file is meant.
    line: Option<u32>,
}

impl<'a> From<&'a Location> for Place<'a> {
    fn from(location: &'a Location) -> Self {
        Self { path: location.path.as_str(), line: location.span.map(|span| span.start_line) }
    }
}

fn json(inventory: &Inventory, packages: &[&Dependency]) -> Result<String, Error> {
    let document = Document {
        schema: SCHEMA,
        complete: inventory.gaps.is_empty(),
        files: inventory.files.iter().map(|path| path.as_str()).collect(),
        packages: packages.iter().map(|package| entry(inventory, package)).collect(),
        gaps: inventory.gaps.iter().map(|gap| gap.message.clone()).collect(),
    };
    output::document(&document)
}

fn entry<'a>(inventory: &Inventory, package: &'a Dependency) -> Entry<'a> {
    let needed = package.needed().filter_map(|at| inventory.packages.get(at));
    Entry {
        purl: package.package().versioned_purl(),
        ecosystem: package.ecosystem.osv_or_purl(),
        name: &package.name,
        version: Some(package.version.as_str()).filter(|version| !version.is_empty()),
        requirement: Some(package.requirement.as_str()).filter(|asked| !asked.is_empty()),
        source: package.source.word(),
        scope: package.scope.word(),
        direct: package.direct,
        location: (&package.location).into(),
        manifest: package.manifest.as_ref().map(Place::from),
        path: inventory.way(package),
        licenses: &package.licenses,
        hashes: &package.hashes,
        dependencies: needed.map(|other| other.package().versioned_purl()).collect(),
    }
}
