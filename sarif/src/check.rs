//! Defines [`check`]: what GitHub would refuse, drop or show poorly of logs, found before they are uploaded.

mod place;
mod result;
mod rule;
mod run;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::defect::{Defect, Effect};
use crate::fix::{SCHEMA, category, is_schema};
use crate::input::Input;
use crate::notice::counted;
use crate::pointer::Pointer;
use crate::profile::Profile;
use crate::root::Root;
use crate::schema::{Schema, inspect};
use crate::size;
use crate::value::{list, text};

/// So many departures from the schema are told of each input; a log that has more is of another kind.
const MAX_DEPARTURES: usize = 1_000;

/// The code of departures from the schema.
const STRUCTURE: &str = "structure";

/// Looks for everything that the reader of a profile would refuse, drop or show poorly, in each input and between
/// them, without asking anybody. With a `root`, addresses are held to the files there.
///
/// The size is that of an upload: JSON without blanks, after gzip. The defects are sorted by input and then by place.
pub fn check(inputs: &[Input], profile: Profile, root: Option<&Root>) -> Vec<Defect> {
    let mut defects = Vec::new();
    for input in inputs {
        let mut checker = Checker { file: &input.name, profile, root, defects: Vec::new() };
        checker.log(&input.log);
        // What has a name of its own is told once.
        let told: BTreeSet<String> =
            checker.defects.iter().filter(|d| d.code != STRUCTURE).map(|d| d.pointer.clone()).collect();
        checker.defects.retain(|defect| defect.code != STRUCTURE || !told.contains(&defect.pointer));
        defects.append(&mut checker.defects);
    }
    if profile.is_github() {
        twins(inputs, profile, &mut defects);
    }
    defects.sort_by(|a, b| a.file.cmp(&b.file));
    defects
}

/// Collects the defects of one input.
struct Checker<'a> {
    file: &'a str,
    profile: Profile,
    root: Option<&'a Root>,
    defects: Vec<Defect>,
}

impl Checker<'_> {
    fn tell(
        &mut self,
        at: &Pointer<'_>,
        code: &'static str,
        effect: Effect,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.defects.push(Defect {
            file: self.file.to_owned(),
            pointer: at.to_string(),
            code,
            effect,
            message: message.into(),
            fix: fix.into(),
        });
    }

    fn log(&mut self, log: &Value) {
        let root = Pointer::Root;
        match log.get("version") {
            Some(Value::String(version)) if version == "2.1.0" => {}
            version => {
                let said = version.map_or_else(|| "no version".to_owned(), |version| format!("the version {version}"));
                let message = format!("the log has {said}, and only 2.1.0 is read");
                self.tell(
                    &root.key("version"),
                    "version",
                    Effect::Refused,
                    message,
                    "Have the tool write SARIF 2.1.0.",
                );
            }
        }
        if self.profile.is_github() && !text(log, "$schema").is_some_and(is_schema) {
            let fix = format!("Write \"$schema\": \"{SCHEMA}\".");
            self.tell(
                &root.key("$schema"),
                "schema",
                Effect::Degraded,
                "the log does not name the schema of 2.1.0",
                fix,
            );
        }
        self.structure(log);
        let at = root.key("runs");
        let runs = list(log, "runs");
        for (index, run) in runs.iter().enumerate() {
            self.run(run, &at.index(index));
        }
        if let Some(max) = self.profile.max_runs().filter(|max| runs.len() > *max) {
            let message = format!("{} are more than the {max} that one upload may have", counted(runs.len(), "run"));
            self.tell(&at, "too-many-runs", Effect::Refused, message, "Upload them in several files.");
        }
        if let Some(max) = self.profile.max_gzip_bytes() {
            let bytes = size::gzip(log, max);
            if bytes > max {
                let message = format!("the upload has {bytes} bytes after gzip, and may have {max}");
                self.tell(
                    &root,
                    "too-large",
                    Effect::Refused,
                    message,
                    "Upload the runs in several files, or fewer results.",
                );
            }
        }
    }

    fn structure(&mut self, log: &Value) {
        let mut count = 0;
        let mut found = Vec::new();
        inspect(log, Schema::get().log(), &Pointer::Root, &mut |at, fault| {
            // The version is told of by itself.
            if at.to_string() != "/version" && fault != "it has no `version`" {
                found.push((at.to_string(), fault));
                count += 1;
            }
            count < MAX_DEPARTURES
        });
        self.defects.extend(found.into_iter().map(|(pointer, fault)| Defect {
            file: self.file.to_owned(),
            pointer,
            code: STRUCTURE,
            effect: Effect::Refused,
            message: format!("the log departs from the schema of SARIF 2.1.0 here: {fault}"),
            fix: "Bring it into the form of the standard, or move it into a property bag.".to_owned(),
        }));
    }
}

/// Runs of one tool in one category: in one file GitHub refuses them, in several the last replaces the others.
fn twins(inputs: &[Input], profile: Profile, defects: &mut Vec<Defect>) {
    let mut seen: BTreeMap<(&str, Option<&str>), (usize, usize)> = BTreeMap::new();
    for (at, input) in inputs.iter().enumerate() {
        for (index, run) in list(&input.log, "runs").iter().enumerate() {
            let (tool, of) = category::key(run);
            let Some((file, first)) = seen.get(&(tool, of)) else {
                seen.insert((tool, of), (at, index));
                continue;
            };
            let is_same_file = *file == at;
            if is_same_file && !profile.wants_unique_categories() {
                continue;
            }
            let named = of.map_or_else(|| "no category".to_owned(), |of| format!("the category `{of}`"));
            let (effect, code, message) = if is_same_file {
                let message = format!("a second run of `{tool}` has {named}, as /runs/{first} has");
                (Effect::Refused, "duplicate-category", message)
            } else {
                let other = &inputs[*file].name;
                let message = format!(
                    "a run of `{tool}` has {named}, as one in {other} has: the later upload replaces the other"
                );
                (Effect::Dropped, "replaced-category", message)
            };
            defects.push(Defect {
                file: input.name.clone(),
                pointer: format!("/runs/{index}"),
                code,
                effect,
                message,
                fix: "Make one run of them, or give each a category of its own in automationDetails.id.".to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests;
