//! Gives every result a place in the repository, which GitHub refuses to do without.

use serde_json::{Map, Value, json};

use super::category::{slug, tool};
use super::region;
use crate::fingerprint::PRIMARY;
use crate::limits::KEPT_LOCATIONS;
use crate::notice::Notices;
use crate::path::RelativePath;
use crate::place::{Bases, Change};
use crate::root::Root;
use crate::schema::{Schema, visit};
use crate::uri;
use crate::value::{array, fields, hash, keep, list, list_mut, object, take, text};

/// Where results are put that are about no file.
const NOWHERE: &str = "no-file";

/// What holds a location or a list of them beside the locations of a result: the kind of object and the property.
const HOLDERS: &[(&str, &str)] = &[
    ("node", "location"),
    ("notification", "locations"),
    ("result", "relatedLocations"),
    ("stackFrame", "location"),
    ("suppression", "location"),
    ("threadFlowLocation", "location"),
];

pub(super) fn mend(run: &mut Value, bases: &Bases<'_>, root: Option<&Root>, notices: &mut Notices) {
    addresses(run, bases, notices);
    let tool = tool(run).to_owned();
    for result in list_mut(run, "results") {
        locations(result, &tool, notices);
    }
    visit(run, Schema::get().definition("run"), &mut Vec::new(), &mut |kind, _, map| {
        for (_, key) in HOLDERS.iter().filter(|(holder, _)| *holder == kind) {
            unplaced(map, key, notices);
        }
        if kind == "physicalLocation" && map.get("region").is_none_or(|region| region.get("startLine").is_none()) {
            lines(map, root, notices);
        }
    });
    for result in list_mut(run, "results") {
        if let Some(root) = root {
            fingerprint(result, root, notices);
        }
        for key in ["locations", "relatedLocations"] {
            limit(result, key, notices);
        }
        let own = result.pointer("/locations/0/physicalLocation/artifactLocation/uri").cloned();
        if own.is_some() && result.pointer("/analysisTarget/uri") == own.as_ref() {
            fields(result).remove("analysisTarget");
            notices.add("analysis target", "left out: it is the place of the result");
        }
    }
}

/// Makes the addresses of files paths of the repository.
fn addresses(run: &mut Value, bases: &Bases<'_>, notices: &mut Notices) {
    visit(run, Schema::get().definition("run"), &mut Vec::new(), &mut |kind, path, map| {
        if kind != "artifactLocation" || !map.contains_key("uri") {
            return;
        }
        let is_source = match path.first() {
            Some(&("results" | "artifacts" | "threadFlowLocations")) => true,
            Some(&"invocations") => path.contains(&"locations"),
            _ => false,
        };
        if !is_source {
            elsewhere(map, path);
            return;
        }
        let given = map.get("uri").and_then(Value::as_str).unwrap_or_default();
        let base = map.get("uriBaseId").and_then(Value::as_str);
        let Some(place) = bases.place(given, base) else {
            // The root itself, or nothing at all.
            if let Some(old) = map.remove("uri").filter(|old| *old != "") {
                keep(map, "uri", old);
            }
            map.remove("uriBaseId");
            return;
        };
        let done = match place.change {
            Change::None => None,
            Change::Spelling => Some("written as a path of the repository"),
            Change::Relative => Some("made relative to the repository"),
            Change::Outside => Some("absolute and not known to be in the repository, taken as relative to it"),
            Change::Above => Some("leading out of the repository kept inside"),
            Change::Foreign => Some("of a scheme that GitHub refuses made a path"),
            Change::Link => Some("resolved to the file behind a symbolic link"),
        };
        if let Some(done) = done {
            notices.add("address", done);
        }
        map.insert("uri".to_owned(), Value::String(place.uri));
        // A base that is the repository itself says nothing more.
        map.remove("uriBaseId");
        map.remove("index");
    });
}

/// Addresses of programs and folders of the machine stay; what contradicts itself in them goes.
fn elsewhere(map: &mut Map<String, Value>, path: &[&str]) {
    let Some(given) = map.get("uri").and_then(Value::as_str) else { return };
    if uri::scheme(given).is_some() {
        map.remove("uriBaseId");
    } else if given.starts_with('/') && path.first() != Some(&"originalUriBaseIds") {
        let absolute = format!("file:///{}", given.trim_start_matches('/'));
        map.insert("uri".to_owned(), Value::String(absolute));
        map.remove("uriBaseId");
    }
    if let Some(uri) = map.get("uri").filter(|uri| uri.as_str().is_some_and(|u| u.split('/').any(|part| part == "..")))
    {
        let uri = uri.clone();
        map.remove("uri");
        keep(map, "uri", uri);
    }
}

fn has_place(location: &Value) -> bool {
    location
        .pointer("/physicalLocation/artifactLocation/uri")
        .and_then(Value::as_str)
        .is_some_and(|uri| !uri.is_empty())
}

/// The first location of a result is in a file; those that are not follow in the property bag.
fn locations(result: &mut Value, tool: &str, notices: &mut Notices) {
    let all = std::mem::take(array(result, "locations"));
    let (mut placed, mut unplaced): (Vec<Value>, Vec<Value>) = all.into_iter().partition(has_place);
    if placed.is_empty() {
        let target = result.get("analysisTarget").and_then(|target| text(target, "uri")).map(str::to_owned);
        let mut first = if unplaced.is_empty() { json!({}) } else { unplaced.remove(0) };
        let uri = target.unwrap_or_else(|| {
            let stable = identity(result, &first, tool);
            let prints = object(result, "partialFingerprints");
            prints.entry(PRIMARY).or_insert_with(|| Value::String(format!("{stable:x}:1")));
            nowhere(&first, tool)
        });
        let physical = object(&mut first, "physicalLocation");
        if let Some(old) =
            physical.remove("artifactLocation").filter(|old| old.as_object().is_some_and(|o| !o.is_empty()))
        {
            keep(physical, "artifactLocation", old);
        }
        physical.insert("artifactLocation".to_owned(), json!({ "uri": uri }));
        placed.push(first);
        notices.add("result", "without a place in a file given one, since GitHub refuses the log otherwise");
    }
    if !unplaced.is_empty() {
        notices.add_many("location", "that is in no file moved into the property bag", unplaced.len());
        keep(fields(result), "locations", Value::Array(unplaced));
    }
    *array(result, "locations") = placed;
}

/// A path for what is about no file: the tool, and what the result says it is about.
fn nowhere(location: &Value, tool: &str) -> String {
    let logical = list(location, "logicalLocations").first();
    let name = logical.and_then(|l| text(l, "fullyQualifiedName").or_else(|| text(l, "name"))).unwrap_or_default();
    let name = name.replace("::", "/").replace(['\\', ':'], "/");
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let path = format!("{NOWHERE}/{}/{}", slug(tool), parts.join("/"));
    RelativePath::new(path).map_or_else(|_| NOWHERE.to_owned(), |path| path.as_uri().to_owned())
}

/// What tells a result without a line from others of its kind, scan after scan.
fn identity(result: &Value, location: &Value, tool: &str) -> u64 {
    let logical = list(location, "logicalLocations").iter().filter_map(|l| text(l, "fullyQualifiedName"));
    let message = result.get("message").and_then(|message| text(message, "text"));
    hash([Some(tool), text(result, "ruleId"), message].into_iter().flatten().chain(logical))
}

/// Moves locations without a file out of what holds them: GitHub's validator refuses them everywhere.
fn unplaced(map: &mut Map<String, Value>, key: &str, notices: &mut Notices) {
    let lost = match map.get_mut(key) {
        Some(Value::Array(all)) => {
            let lost: Vec<Value> = all.extract_if(.., |location| !has_place(location)).collect();
            (!lost.is_empty()).then_some(Value::Array(lost))
        }
        Some(location) if !has_place(location) => map.remove(key),
        _ => None,
    };
    if let Some(lost) = lost {
        notices.add_many(
            "location",
            "that is in no file moved into the property bag",
            lost.as_array().map_or(1, Vec::len),
        );
        keep(map, key, lost);
    }
}

/// Gives a place a line: that of its offset where the file can be read, else the first.
fn lines(physical: &mut Map<String, Value>, root: Option<&Root>, notices: &mut Notices) {
    let mut value = Value::Object(std::mem::take(physical));
    let path = value.pointer("/artifactLocation/uri").and_then(Value::as_str).map(uri::decoded);
    let offset = value.get("region").and_then(|region| {
        let bytes = region.get("byteOffset").and_then(Value::as_u64).map(|at| (at, true));
        bytes.or_else(|| Some((region.get("charOffset")?.as_u64()?, false)))
    });
    let line = root.zip(path).zip(offset).and_then(|((root, path), (at, is_bytes))| root.line_at(&path, at, is_bytes));
    region::at_line(object(&mut value, "region"), line.map_or(1, i64::from));
    notices
        .add("place", if line.is_some() { "given the line of its offset" } else { "without a line given the first" });
    *physical = std::mem::take(fields(&mut value));
}

/// Gives a result the hash of its line, by which GitHub knows it again when the line moves.
fn fingerprint(result: &mut Value, root: &Root, notices: &mut Notices) {
    if result.pointer("/partialFingerprints/primaryLocationLineHash").is_some_and(|hash| hash.as_str() != Some("")) {
        return;
    }
    let Some(place) = result.pointer("/locations/0/physicalLocation") else { return };
    let path = place.pointer("/artifactLocation/uri").and_then(Value::as_str).map(uri::decoded);
    let line = place.pointer("/region/startLine").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok());
    if let Some(hash) = path.zip(line).and_then(|(path, line)| root.line_hash(&path, line)) {
        object(result, "partialFingerprints").insert(PRIMARY.to_owned(), json!(hash.to_string()));
        notices.add("result", "given the hash of its line");
    }
}

/// Cuts a list of locations where GitHub does, and says so in the result.
fn limit(result: &mut Value, key: &str, notices: &mut Notices) {
    let all = list(result, key).len();
    if all > KEPT_LOCATIONS {
        let more = all - KEPT_LOCATIONS;
        array(result, key).truncate(KEPT_LOCATIONS);
        let bag = object(result, "properties");
        let before = take_count(bag);
        bag.insert("omittedLocations".to_owned(), json!(before + more as u64));
        notices.add_many("location", "left out: GitHub keeps the first 100 of a result", more);
    }
}

fn take_count(bag: &Map<String, Value>) -> u64 {
    bag.get("omittedLocations").and_then(Value::as_u64).unwrap_or(0)
}

/// Makes every location of a run say that it counts from the root of the repository, where the run says which
/// repository that is.
pub(super) fn anchor(run: &mut Value) {
    const ROOT: &str = crate::location::ROOT;
    if list(run, "versionControlProvenance").is_empty() {
        return;
    }
    for details in list_mut(run, "versionControlProvenance") {
        let mapped = take(details, "mappedTo").filter(|mapped| *mapped != json!({ "uriBaseId": ROOT }));
        if let Some(mapped) = mapped {
            keep(fields(details), "mappedTo", mapped);
        }
        fields(details).insert("mappedTo".to_owned(), json!({ "uriBaseId": ROOT }));
    }
    visit(run, Schema::get().definition("run"), &mut Vec::new(), &mut |kind, path, map| {
        if kind == "artifactLocation" && path.first() == Some(&"results") && map.contains_key("uri") {
            map.insert("uriBaseId".to_owned(), json!(ROOT));
        }
    });
}
