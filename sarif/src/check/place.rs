//! Looks at the places of results.

use serde_json::{Map, Value};

use super::Checker;
use crate::defect::{Defect, Effect};
use crate::place::{Bases, Change};
use crate::pointer::Pointer;
use crate::schema::{Schema, walk};
use crate::uri;
use crate::value::{index, list, text};

const RELATIVE: &str = "Write the path relative to the root of the repository, with slashes and percent-encoded.";

impl Checker<'_> {
    /// The locations of a result, and every other address in it.
    pub(super) fn places(&mut self, result: &Value, bases: &Bases<'_>, at: &Pointer<'_>) {
        let place = at.key("locations");
        let locations = list(result, "locations");
        if locations.is_empty() {
            let fix = "Give every result a place in a file; for what is about no file, a path that stays the same.";
            self.tell(&place, "no-location", Effect::Refused, "the result has no location", fix);
        }
        for (number, location) in locations.iter().enumerate() {
            let at = place.index(number);
            let Some(physical) = location.get("physicalLocation") else {
                let message = "the location is a logical one only, and GitHub expects a physical one";
                let fix = "Give it a physicalLocation with the path of a file.";
                self.tell(&at, "no-physical-location", Effect::Refused, message, fix);
                continue;
            };
            let at = at.key("physicalLocation");
            let artifact = physical.get("artifactLocation");
            let address = artifact.and_then(|artifact| text(artifact, "uri"));
            let base = artifact.and_then(|artifact| text(artifact, "uriBaseId"));
            if address.is_none_or(|address| bases.place(address, base).is_none()) {
                let message = if artifact.is_some_and(|artifact| index(artifact, "index").is_some()) {
                    "the location gives its file by number only, and GitHub does not look it up"
                } else {
                    "the location names no file"
                };
                self.tell(&at.key("artifactLocation"), "no-uri", Effect::Refused, message, RELATIVE);
            }
            if number == 0 && physical.get("region").and_then(|region| region.get("startLine")).is_none() {
                let fix = "Write region.startLine; for a file as a whole, 1.";
                self.tell(&at.key("region"), "no-line", Effect::Degraded, "the location has no line", fix);
            }
        }
        let mut found = Vec::new();
        walk(result, Schema::get().definition("result"), at, &mut |kind, at, map| {
            if kind == "artifactLocation"
                && let Some(address) = map.get("uri").and_then(Value::as_str)
                && let Some((code, effect, message)) =
                    fault(address, map.get("uriBaseId").and_then(Value::as_str), bases)
            {
                found.push((at.key("uri").to_string(), code, effect, message));
            }
        });
        let first = place.index(0).to_string();
        for (pointer, code, effect, message) in found {
            // Of other places only what makes GitHub refuse the file counts as much.
            let is_shown = pointer.starts_with(&first) || effect == Effect::Refused;
            let effect = if is_shown { effect } else { Effect::Degraded };
            let fix = RELATIVE.to_owned();
            self.defects.push(Defect { file: self.file.to_owned(), pointer, code, effect, message, fix });
        }
    }

    /// Regions that contradict themselves.
    pub(super) fn regions(&mut self, result: &Value, at: &Pointer<'_>) {
        let mut found = Vec::new();
        walk(result, Schema::get().definition("result"), at, &mut |kind, at, map| {
            if kind == "region"
                && let Some(message) = contradiction(map)
            {
                found.push((at.to_string(), message));
            }
        });
        for (pointer, message) in found {
            self.defects.push(Defect {
                file: self.file.to_owned(),
                pointer,
                code: "region",
                effect: Effect::Refused,
                message: message.to_owned(),
                fix: "Count lines and columns from 1, the end column behind the last character.".to_owned(),
            });
        }
    }
}

/// What GitHub does not take of an address; `None` when nothing.
fn fault(address: &str, base: Option<&str>, bases: &Bases<'_>) -> Option<(&'static str, Effect, String)> {
    let place = bases.place(address, base)?;
    let shown = super::rule::shown(&Value::from(address));
    let becomes = format!("`{}` is meant", place.uri);
    Some(match place.change {
        Change::None => return None,
        Change::Foreign => {
            let scheme = uri::scheme(address).unwrap_or_default();
            (
                "foreign-scheme",
                Effect::Refused,
                format!("the address {shown} has the scheme `{scheme}`, which is not that of the checkout"),
            )
        }
        Change::Relative => ("absolute-path", Effect::Degraded, format!("the address {shown} is absolute: {becomes}")),
        Change::Outside => (
            "absolute-path",
            Effect::Dropped,
            format!("the address {shown} is absolute, and nothing says what it is relative to"),
        ),
        Change::Above => ("parent-path", Effect::Dropped, format!("the address {shown} leads out of the repository")),
        Change::Link => ("symlink", Effect::Dropped, format!("the address {shown} is a symbolic link: {becomes}")),
        Change::Spelling if address.contains('\\') => {
            ("backslash", Effect::Dropped, format!("the address {shown} has backslashes: {becomes}"))
        }
        Change::Spelling if !uri::is_reference(address) => {
            ("unencoded", Effect::Refused, format!("the address {shown} is not percent-encoded: {becomes}"))
        }
        Change::Spelling if address.split('/').any(|part| part == "..") => {
            ("parent-path", Effect::Dropped, format!("the address {shown} goes back by `..`: {becomes}"))
        }
        Change::Spelling => (
            "spelling",
            Effect::Degraded,
            format!("the address {shown} is not a plain path of the repository: {becomes}"),
        ),
    })
}

/// How a region contradicts itself; `None` when it does not.
fn contradiction(region: &Map<String, Value>) -> Option<&'static str> {
    let number = |key: &str| region.get(key).and_then(Value::as_i64);
    let Some(start) = number("startLine") else {
        let has_other = ["charOffset", "byteOffset"].iter().any(|key| number(key).is_some_and(|offset| offset >= 0));
        let has_lines = ["startColumn", "endLine", "endColumn"].iter().any(|key| region.contains_key(*key));
        return (has_lines || !has_other).then_some("the region has no start");
    };
    let end = number("endLine").unwrap_or(start);
    if start < 1 || number("startColumn").is_some_and(|column| column < 1) {
        return Some("the region starts before the first line or column");
    }
    if end < start {
        return Some("the region ends before the line in which it starts");
    }
    let column = number("startColumn").unwrap_or(1);
    (end == start && number("endColumn").is_some_and(|end| end < column))
        .then_some("the region ends before the column in which it starts")
}
