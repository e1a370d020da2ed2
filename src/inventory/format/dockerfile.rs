//! Reads the images that a Dockerfile builds on (<https://docs.docker.com/reference/dockerfile/>): those of `FROM`, and of
//! `COPY --from` and `RUN --mount=from=` where they name no stage.

use std::collections::{HashMap, HashSet};

use super::image::{Image, expand};
use super::{Format, Role, Unreadable, name_of};
use crate::finding::RepoPath;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format =
    Format { id: "dockerfile", about: "Dockerfiles", role: Role::Alone, wants: is_dockerfile, read };

/// An instruction is no longer, in bytes.
const MAX_INSTRUCTION: usize = 64 << 10;

/// `Dockerfile`, `Containerfile`, and both with something in front or behind: `Dockerfile.web`, `web.Dockerfile`.
fn is_dockerfile(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|word| {
        let behind = name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
        let is_ignore = name.ends_with(".dockerignore") || name.ends_with(".containerignore");
        (behind && !is_ignore) || name.strip_suffix(word).is_some_and(|rest| rest.ends_with('.'))
    })
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let mut arguments: HashMap<String, String> = HashMap::new();
    // The number of each stage by its name, and that of the stage that each begins with.
    let mut stages: HashMap<String, usize> = HashMap::new();
    let mut below: HashMap<usize, usize> = HashMap::new();
    let mut count = 0usize;
    // Images by stage, since what only an earlier stage is built on does not run.
    let mut images: Vec<(usize, bool, Draft)> = Vec::new();
    for (line, instruction) in instructions(&source.text) {
        let mut words = instruction.split_whitespace();
        let word = words.next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "ARG" if count == 0 => {
                for argument in words {
                    let (name, default) = argument.split_once('=').unwrap_or((argument, ""));
                    let default = expand(default.trim_matches(['"', '\'']), &arguments);
                    arguments.insert(name.to_owned(), default);
                }
            }
            "FROM" => {
                let mut words = words.skip_while(|word| word.starts_with("--"));
                let told = words.next().unwrap_or_default().trim_matches(['"', '\'']);
                let reference = expand(told, &arguments);
                count += 1;
                let stage = stages.get(&reference.to_ascii_lowercase()).copied();
                below.extend(stage.map(|stage| (count, stage)));
                if told.is_empty() {
                    reading.broken(line, "`FROM` names no image");
                } else if stage.is_none() && reference != "scratch" {
                    images.extend(Image::parse(&reference).map(|image| (count, true, image.draft(line))));
                }
                if words.next().is_some_and(|word| word.eq_ignore_ascii_case("AS")) {
                    stages.extend(words.next().map(|name| (name.to_ascii_lowercase(), count)));
                }
            }
            "COPY" | "ADD" | "RUN" => {
                for option in words.take_while(|word| word.starts_with("--")) {
                    let from = match option.strip_prefix("--from=") {
                        Some(from) => Some(from),
                        None => option
                            .strip_prefix("--mount=")
                            .and_then(|mount| mount.split(',').find_map(|part| part.strip_prefix("from="))),
                    };
                    let Some(from) = from.map(|from| expand(from.trim_matches(['"', '\'']), &arguments)) else {
                        continue;
                    };
                    let is_stage = stages.contains_key(&from.to_ascii_lowercase()) || from.parse::<usize>().is_ok();
                    if !is_stage {
                        images.extend(Image::parse(&from).map(|image| (count, false, image.draft(line))));
                    }
                }
            }
            _ => {}
        }
    }
    // The last stage is what ships, with those that it stands on; files are copied out of the others.
    let ships: HashSet<usize> = std::iter::successors(Some(count), |stage| below.get(stage).copied()).collect();
    for (stage, is_base, draft) in images {
        let scope = if is_base && !ships.contains(&stage) { Scope::Build } else { Scope::Runtime };
        reading.add(Draft { scope: Some(scope), ..draft });
    }
    Ok(())
}

/// The instructions with the lines in which they begin; those that go over several lines as one. Comments and the texts of
/// here-documents are left out.
fn instructions(text: &str) -> Vec<(u32, String)> {
    let escape = if text.lines().take(5).any(|line| line.replace(' ', "").eq_ignore_ascii_case("#escape=`")) {
        '`'
    } else {
        '\\'
    };
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut open: Option<(u32, String)> = None;
    let mut until: Option<String> = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        if let Some(end) = &until {
            if line.trim() == end {
                until = None;
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && open.is_none()) {
            continue;
        }
        let (start, mut so_far) = open.take().unwrap_or((number, String::new()));
        let (part, goes_on) = match trimmed.strip_suffix(escape) {
            Some(part) => (part, true),
            None => (trimmed, trimmed.is_empty()),
        };
        if so_far.len() + part.len() < MAX_INSTRUCTION {
            so_far.push_str(part);
            so_far.push(' ');
        }
        if goes_on {
            open = Some((start, so_far));
        } else {
            until = here_document(&so_far);
            found.push((start, so_far));
        }
    }
    found.extend(open);
    found
}

/// The word that ends the here-document which an instruction begins.
fn here_document(instruction: &str) -> Option<String> {
    let word = instruction.split_whitespace().next()?;
    if !["RUN", "COPY", "ADD"].iter().any(|name| word.eq_ignore_ascii_case(name)) {
        return None;
    }
    let (_, behind) = instruction.split_once("<<")?;
    let behind = behind.trim_start_matches('-').trim_start_matches(['"', '\'']);
    let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(behind.len());
    let word = behind.get(..end)?;
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (path, is_one) in [
            ("Dockerfile", true),
            ("a/Dockerfile.web", true),
            ("web.dockerfile", true),
            ("Containerfile", true),
            ("Dockerfile.dockerignore", false),
            ("mydockerfile", false),
            ("dockerfiles/a.txt", false),
        ] {
            assert_eq!(is_dockerfile(&RepoPath::new(path)), is_one, "{path}");
        }
    }
}
