//! Reads what workflows and actions of GitHub use
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>,
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax>): actions, workflows of others, and
//! images. What lies in the project itself is no dependency.

use super::document::{self, Tree};
use super::image::Image;
use super::{Format, Role, Unreadable, image, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const WORKFLOW: Format = Format {
    id: "github-workflow",
    about: "workflows of GitHub",
    role: Role::Alone,
    wants: is_workflow,
    read: read_workflow,
};

pub(super) const ACTION: Format = Format {
    id: "github-action",
    about: "action.yml of GitHub",
    role: Role::Alone,
    wants: |path| matches!(name_of(path), "action.yml" | "action.yaml"),
    read: read_action,
};

/// In front of images that stand in the place of an action.
const IMAGE: &str = "docker://";

fn is_workflow(path: &RepoPath) -> bool {
    let path = path.as_str();
    let inside = path
        .rsplit_once('/')
        .is_some_and(|(folder, _)| folder == ".github/workflows" || folder.ends_with("/.github/workflows"));
    inside && (path.ends_with(".yml") || path.ends_with(".yaml"))
}

fn read_workflow(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    for job in documents.iter().flat_map(|document| document.get("jobs").members()) {
        let job = &job.value;
        add(reading, job.get("uses"), Scope::Build);
        for step in job.get("steps").items() {
            add(reading, step.get("uses"), Scope::Build);
        }
        let container = job.get("container");
        let container = if container.is_map() { container.get("image") } else { container };
        image::add(reading, container, Scope::Build);
        for service in job.get("services").members() {
            image::add(reading, service.value.get("image"), Scope::Build);
        }
    }
    Ok(())
}

fn read_action(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    for runs in documents.iter().map(|document| document.get("runs")) {
        for step in runs.get("steps").items() {
            add(reading, step.get("uses"), Scope::Runtime);
        }
        let image = runs.get("image");
        if image.text().starts_with(IMAGE) {
            add(reading, image, Scope::Runtime);
        }
    }
    Ok(())
}

/// Adds what `uses` names: `owner/repository@ref`, with a path in the repository or without, or an image.
fn add(reading: &mut Reading, uses: &Tree, scope: Scope) {
    let told = uses.text().trim();
    if told.is_empty() || told.starts_with('.') || told.contains("${{") {
        return;
    }
    let draft = match told.strip_prefix(IMAGE) {
        Some(reference) => Image::parse(reference).map(|image| image.draft(uses.line)),
        None => action(told, reading.source.line(uses.line), uses.line),
    };
    match draft {
        Some(draft) => drop(reading.add(Draft { scope: Some(scope), ..draft })),
        None => reading.broken(uses.line, "`uses` names no action"),
    }
}

fn action(told: &str, line: &str, number: u32) -> Option<Draft> {
    let (path, reference) = told.split_once('@').unwrap_or((told, ""));
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let name = format!("{}/{}", parts.next()?, parts.next()?);
    // A commit says nothing about the version, but people write it behind.
    let is_commit = matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = if is_commit { commented(line, told).unwrap_or(reference) } else { reference };
    Some(Draft { direct: Some(true), ..Draft::new(Ecosystem::GitHubActions, &name, version, number) })
}

/// The version in the comment behind: `# v1.2.3`, `# tag=v1.2.3`, `# owner/name@v1.2.3`.
fn commented<'l>(line: &'l str, told: &str) -> Option<&'l str> {
    let (_, behind) = line.split_once(told)?;
    let (_, comment) = behind.split_once('#')?;
    comment.split_whitespace().find_map(|word| {
        let word = word.rsplit(['@', '=']).next().unwrap_or(word).trim_end_matches([',', ';', ')', '.']);
        let digits = word.strip_prefix(['v', 'V']).unwrap_or(word);
        let is_version = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
            // A date says when, not which.
            && (digits.len() < word.len() || digits.contains('.'));
        is_version.then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_comments() {
        for (line, version) in [
            ("- uses: a/b@0 # v1.2.3", Some("v1.2.3")),
            ("- uses: a/b@0 # tag=v1.2", Some("v1.2")),
            ("- uses: a/b@0 # ratchet:a/b@v4", Some("v4")),
            ("- uses: 'a/b@0' # pinned, 1.2.3-beta.1", Some("1.2.3-beta.1")),
            ("- uses: a/b@0 # 2024-01-01", None),
            ("- uses: a/b@0", None),
        ] {
            assert_eq!(commented(line, "a/b@0"), version, "{line}");
        }
    }
}
