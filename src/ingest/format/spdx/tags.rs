//! Reads SPDX 2 as tags and values (<https://spdx.github.io/spdx-spec/v2.3/conformance/>).

use super::entry::{Bill, Entry};
use crate::ingest::component;
use crate::ingest::out::Out;

/// Whether a text is SPDX.
pub(super) fn fits(head: &str) -> bool {
    head.lines().any(|line| line.starts_with("SPDXVersion: SPDX-"))
}

/// Reads a document.
#[expect(clippy::unnecessary_wraps, reason = "every format that is read whole may fail")]
pub(super) fn read(text: &str, out: &mut Out) -> Result<(), String> {
    let mut bill = Bill::default();
    let mut entry: Option<Entry> = None;
    let mut is_open = false;
    for line in text.lines() {
        // A text of several lines holds no tags.
        let closes = line.contains("</text>");
        if is_open {
            is_open = !closes;
            continue;
        }
        is_open = line.contains("<text>") && !closes;
        let Some((tag, value)) = line.split_once(':') else { continue };
        let value = value.trim().trim_start_matches("<text>").trim_end_matches("</text>").trim();
        match (tag.trim(), &mut entry) {
            ("PackageName", _) => {
                let at = (line.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
                let next = Entry { name: value.to_owned(), at, ..Entry::default() };
                entry.replace(next).into_iter().for_each(|whole| bill.entry(whole));
            }
            ("FileName" | "SnippetSPDXID" | "LicenseID", _) => {
                entry.take().into_iter().for_each(|whole| bill.entry(whole))
            }
            ("Relationship", _) => {
                let mut words = value.split_whitespace();
                if let (Some(from), Some(relation), Some(to)) = (words.next(), words.next(), words.next()) {
                    bill.relates(from, relation, to);
                }
            }
            (tag, Some(entry)) => take(entry, tag, value),
            _ => {}
        }
    }
    entry.into_iter().for_each(|whole| bill.entry(whole));
    bill.tell(out);
    Ok(())
}

fn take(entry: &mut Entry, tag: &str, value: &str) {
    let field = match tag {
        "SPDXID" => &mut entry.id,
        "PackageVersion" => &mut entry.version,
        "PackageLicenseConcluded" => &mut entry.concluded,
        "PackageLicenseDeclared" => &mut entry.declared,
        "PackageSourceInfo" => &mut entry.source,
        "PrimaryPackagePurpose" => &mut entry.purpose,
        "PackageChecksum" => {
            let sum = value.split_once(':');
            entry.hashes.extend(sum.and_then(|(algorithm, value)| component::hash(algorithm, value)));
            return;
        }
        "ExternalRef" => {
            let mut words = value.split_whitespace().skip(1);
            if words.next().is_some_and(|kind| kind == "purl" || kind.ends_with("/purl")) {
                entry.purl = words.next().unwrap_or_default().to_owned();
            }
            return;
        }
        _ => return,
    };
    value.clone_into(field);
}
