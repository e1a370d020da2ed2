//! What a comparison says beside what is new: what is fixed and what has moved, folded away.

use std::fmt::Write as _;

use super::escape::{code, words};
use super::{NAME, WORDS};
use crate::diff::identity::Identity;
use crate::diff::{Change, PackageChange};
use crate::text;

/// All lists, in about so many bytes.
pub(super) fn lists(change: &Change, most: usize) -> String {
    let mut out = list("Fixed", &change.fixed, most / 2, |it| (it, None));
    out.push_str(&list("Moved", &change.moved, most / 2, |moved| (&moved.to, Some(&moved.from))));
    out.push_str(&packages(change.packages.as_deref().unwrap_or_default(), most / 2));
    out
}

/// The packages that are different, in about so many bytes.
fn packages(all: &[PackageChange], most: usize) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<details><summary>Packages ({})</summary>\n\n| | Package | From | To | License | Introduces |\n|-|-|-|-|-|-|\n",
        all.len()
    );
    for (index, package) in all.iter().enumerate() {
        let difference = &package.difference;
        let each = |texts: &[String]| texts.iter().map(|text| code(text, NAME)).collect::<Vec<_>>().join(", ");
        let line = format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            difference.kind.word(),
            code(&difference.name, NAME),
            each(&difference.from),
            each(&difference.to),
            each(&package.licenses),
            each(&package.rules),
        );
        if out.len() + line.len() > most {
            let _ = writeln!(out, "\n…and {} more", text::grouped((all.len() - index) as u64));
            break;
        }
        out.push_str(&line);
    }
    out.push_str("\n</details>\n\n");
    out
}

fn list<T>(heading: &str, all: &[T], most: usize, each: impl Fn(&T) -> (&Identity, Option<&Identity>)) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out = format!("<details><summary>{heading} ({})</summary>\n\n", all.len());
    for (index, (it, before)) in all.iter().map(each).enumerate() {
        let before = before.map_or_else(String::new, |before| format!(", before {}", place(before)));
        let line = format!("- {} {} ({}{before})\n", place(it), words(&it.message, WORDS), code(&it.rule, NAME));
        if out.len() + line.len() > most {
            let _ = writeln!(out, "- …and {} more", text::grouped((all.len() - index) as u64));
            break;
        }
        out.push_str(&line);
    }
    out.push_str("\n</details>\n\n");
    out
}

fn place(it: &Identity) -> String {
    let line = it.line.map_or_else(String::new, |line| format!(":{line}"));
    code(&format!("{}{line}", it.path), NAME)
}
