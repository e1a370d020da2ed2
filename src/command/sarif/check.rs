//! `scanall sarif check`: tells what GitHub would refuse, drop or show poorly.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scanall_sarif::{Defect, Effect, Profile, check};
use serde_json::json;

use super::{open, read, shown};
use crate::cli::sarif::{CheckArgs, CheckFormat};
use crate::command::{Answer, Surroundings};
use crate::error::Error;
use crate::output::style::Style;
use crate::{output, text};

/// The exit code when something would be refused or dropped.
const OBJECTIONS: u8 = 1;

/// The version of what `--format json` writes.
const SCHEMA: u8 = 1;

const EFFECTS: [Effect; 3] = [Effect::Refused, Effect::Dropped, Effect::Degraded];

pub(super) fn run(args: &CheckArgs, around: &Surroundings) -> Result<Answer, Error> {
    let inputs = args.files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let root = open(args.profile.root.as_deref())?;
    let profile = args.profile.profile;
    let defects = check(&inputs, profile, root.as_ref());
    let is_bad = defects.iter().any(|defect| defect.effect != Effect::Degraded);
    let text = match args.format {
        CheckFormat::Table => table(&defects, inputs.len(), profile, around.style),
        CheckFormat::Json => written(&defects, profile)?,
    };
    Ok(Answer { text, code: if is_bad { OBJECTIONS } else { 0 } })
}

fn count(defects: &[Defect], effect: Effect) -> usize {
    defects.iter().filter(|defect| defect.effect == effect).count()
}

fn written(defects: &[Defect], profile: Profile) -> Result<String, Error> {
    let entry = |d: &Defect| {
        json!({
            "file": d.file, "pointer": d.pointer, "code": d.code, "effect": d.effect.id(),
            "message": d.message, "fix": d.fix,
        })
    };
    let counts: BTreeMap<&str, usize> = EFFECTS.into_iter().map(|e| (e.id(), count(defects, e))).collect();
    let list: Vec<_> = defects.iter().map(entry).collect();
    output::document(&json!({ "schema": SCHEMA, "profile": profile.id(), "counts": counts, "defects": list }))
}

/// One entry for each file and kind of defect, worst first.
fn table(defects: &[Defect], files: usize, profile: Profile, style: Style) -> String {
    let mut kinds: BTreeMap<(&str, Effect, &str), Vec<&Defect>> = BTreeMap::new();
    for defect in defects {
        kinds.entry((&defect.file, defect.effect, defect.code)).or_default().push(defect);
    }
    let mut out = String::new();
    let mut file = None;
    for ((of, effect, code), all) in kinds {
        let Some(first) = all.first() else { continue };
        if file.replace(of) != Some(of) {
            let _ = writeln!(out, "{}", style.bold(&shown(of)));
        }
        let word = match effect {
            Effect::Refused => style.bad(effect.id()),
            Effect::Dropped => style.warning(effect.id()),
            Effect::Degraded => effect.id().to_owned(),
        };
        let place = if first.pointer.is_empty() { "the whole file".to_owned() } else { shown(&first.pointer) };
        let others = match all.len() - 1 {
            0 => String::new(),
            more => format!(", and at {}", text::count(more, "other place")),
        };
        let _ = writeln!(out, "  {word} {}: {}", style.bold(code), shown(&first.message));
        let _ = writeln!(out, "    {}", style.faint(&format!("at {place}{others}")));
        let _ = writeln!(out, "    → {}", shown(&first.fix));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let counts: Vec<String> = EFFECTS
        .into_iter()
        .map(|effect| (count(defects, effect), effect))
        .filter(|(number, _)| *number > 0)
        .map(|(number, effect)| format!("{} {effect}", text::grouped(number as u64)))
        .collect();
    let files = text::count(files, "file");
    if counts.is_empty() {
        let _ =
            writeln!(out, "{}", style.good(&format!("{files}: nothing to object to, by the profile {}", profile.id())));
    } else {
        let _ = writeln!(out, "{files}, {}: {}", text::count(defects.len(), "defect"), counts.join(", "));
        let _ = writeln!(out, "{} scanall sarif fix FILE -o OUT repairs all of these", style.good("hint:"));
    }
    out
}
