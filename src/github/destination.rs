//! Defines [`Destination`]: which version of which repository an upload is about.

use super::event::number_of;
use super::{Address, Slug};
use crate::environment::GithubVariables;
use crate::error::Error;
use crate::report::RepositoryRef;
use crate::text;

/// Which version of which repository an upload is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The repository.
    pub repository: Slug,
    /// The commit, 40 or 64 hex digits.
    pub commit: String,
    /// The full reference: `refs/heads/…`, `refs/tags/…`, `refs/pull/N/merge` or `refs/pull/N/head`.
    pub reference: String,
}

/// What was asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// `--repository`.
    pub repository: Option<&'a Slug>,
    /// `--commit`.
    pub commit: Option<&'a str>,
    /// `--ref`.
    pub reference: Option<&'a str>,
}

/// Events whose reference is that of the default branch, whatever is checked out.
const OF_THE_BASE: [&str; 2] = ["pull_request_target", "workflow_run"];

impl Destination {
    /// Puts it together from what was asked for, then what Actions says, then what git says.
    ///
    /// # Errors
    /// Something is missing or not valid, or what is checked out is not what the event is about.
    pub fn of(
        asked: &Asked<'_>,
        variables: &GithubVariables,
        origin: &RepositoryRef,
        address: &Address,
    ) -> Result<Self, Error> {
        let repository = repository(asked.repository, variables, origin, address)?;
        let (commit, reference) = match (asked.commit, asked.reference) {
            (Some(commit), Some(reference)) => (commit.to_owned(), reference.to_owned()),
            (commit, reference) => {
                let (own_commit, own_reference) = version(variables, origin, commit.is_some() || reference.is_some())?;
                let commit = commit.map(str::to_owned).or(own_commit);
                let reference = reference.map(str::to_owned).or(own_reference);
                (
                    commit.ok_or_else(|| {
                        missing("commit", "--commit", "GITHUB_SHA is not set and the repository has no HEAD")
                    })?,
                    reference.ok_or_else(|| {
                        missing(
                            "reference",
                            "--ref refs/heads/BRANCH",
                            "GITHUB_REF is not set and HEAD is on no branch",
                        )
                    })?,
                )
            }
        };
        let commit = valid_commit(&commit)?;
        let reference = valid_reference(&reference)?;
        Ok(Self { repository, commit, reference })
    }

    /// Whether it is about a pull request, whose alerts are kept apart from those of branches.
    pub fn is_pull_request(&self) -> bool {
        number_of(&self.reference).is_some()
    }
}

/// The repository alone, for what is about no version of it.
///
/// # Errors
/// It is missing or not valid.
pub fn repository(
    asked: Option<&Slug>,
    variables: &GithubVariables,
    origin: &RepositoryRef,
    address: &Address,
) -> Result<Slug, Error> {
    if let Some(asked) = asked {
        return Ok(asked.clone());
    }
    if let Some(named) = &variables.repository {
        return named.parse().map_err(|e: String| Error::usage("GITHUB_REPOSITORY is not valid").because(e));
    }
    let why = "GITHUB_REPOSITORY is not set and git knows no remote `origin` on GitHub";
    let none = || missing("repository", "--repository OWNER/NAME", why);
    let (host, slug) = origin.remote.as_deref().and_then(Slug::of_remote).ok_or_else(none)?;
    match host == address.host() {
        true => Ok(slug),
        false => Err(Error::usage(format!(
            "the remote `origin` is at {}, but the server is {}",
            text::printable(&host),
            address.host()
        ))
        .hint("set GITHUB_SERVER_URL or GITHUB_API_URL for another server, or give --repository OWNER/NAME")),
    }
}

/// The commit and the reference that Actions or git say, each `None` when nobody does.
fn version(
    variables: &GithubVariables,
    origin: &RepositoryRef,
    partly_asked: bool,
) -> Result<(Option<String>, Option<String>), Error> {
    let head = origin.revision.clone();
    let Some(reference) = &variables.reference else {
        let branch = origin.branch.as_ref().map(|branch| format!("refs/heads/{branch}"));
        return Ok((head.or_else(|| variables.sha.clone()), branch));
    };
    let is_other = head.is_some() && variables.sha.is_some() && head != variables.sha;
    let event = variables.event_name.as_deref().unwrap_or_default();
    if is_other && !partly_asked && OF_THE_BASE.contains(&event) {
        return Err(Error::usage(format!(
            "HEAD is not what the event {event} is about, so its alerts do not belong to {}",
            text::printable(reference)
        ))
        .hint("name what was scanned with --ref refs/pull/N/head and --commit SHA"));
    }
    // Who checks out the head of a pull request instead of its merge has other lines in the files.
    let reference = match number_of(reference) {
        Some(number) if is_other => format!("refs/pull/{number}/head"),
        _ => reference.clone(),
    };
    Ok((head.or_else(|| variables.sha.clone()), Some(reference)))
}

fn missing(what: &str, flag: &str, why: &str) -> Error {
    Error::usage(format!("nobody says which {what} this is about")).because(why.to_owned()).hint(format!("give {flag}"))
}

fn valid_commit(commit: &str) -> Result<String, Error> {
    let is_hex = [40, 64].contains(&commit.len()) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    match is_hex {
        true => Ok(commit.to_ascii_lowercase()),
        false => Err(Error::usage(format!("`{}` is no commit", text::printable(commit)))
            .hint("give all 40 hex digits, as git rev-parse HEAD prints them")),
    }
}

fn valid_reference(reference: &str) -> Result<String, Error> {
    let named = ["refs/heads/", "refs/tags/"].iter().any(|start| {
        reference.strip_prefix(start).is_some_and(|name| git2::Reference::is_valid_name(reference) && !name.is_empty())
    });
    match named || number_of(reference).is_some() {
        true => Ok(reference.to_owned()),
        false => {
            Err(Error::usage(format!("`{}` is no reference that code scanning knows", text::printable(reference)))
                .hint("write refs/heads/BRANCH, refs/tags/TAG, refs/pull/N/merge or refs/pull/N/head"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MERGE: &str = "1111111111111111111111111111111111111111";
    const HEAD: &str = "2222222222222222222222222222222222222222";

    fn of(event: &str, reference: &str, sha: &str) -> Result<Destination, Error> {
        let variables = GithubVariables {
            repository: Some("acme/shop".to_owned()),
            sha: Some(sha.to_owned()),
            reference: Some(reference.to_owned()),
            event_name: Some(event.to_owned()),
            ..GithubVariables::default()
        };
        let origin = RepositoryRef { remote: None, revision: Some(HEAD.to_owned()), branch: None };
        let address = Address::of(&variables).unwrap();
        Destination::of(&Asked::default(), &variables, &origin, &address)
    }

    #[test]
    fn the_head_of_a_pull_request_is_not_its_merge() {
        let merge = of("pull_request", "refs/pull/7/merge", HEAD).unwrap();
        assert_eq!((merge.reference.as_str(), merge.commit.as_str()), ("refs/pull/7/merge", HEAD));
        let head = of("pull_request", "refs/pull/7/merge", MERGE).unwrap();
        assert_eq!((head.reference.as_str(), head.commit.as_str()), ("refs/pull/7/head", HEAD));
    }

    #[test]
    fn a_strangers_head_is_never_taken_for_the_default_branch() {
        for event in OF_THE_BASE {
            assert!(of(event, "refs/heads/main", MERGE).is_err());
            assert!(of(event, "refs/heads/main", HEAD).is_ok());
        }
        assert_eq!(of("push", "refs/heads/main", MERGE).unwrap().commit, HEAD);
    }

    #[test]
    fn references_are_full_and_commits_whole() {
        for reference in
            ["main", "refs/heads/", "refs/notes/x", "refs/heads/a..b", "refs/heads/a b", "refs/pull/x/head"]
        {
            assert!(valid_reference(reference).is_err(), "{reference}");
        }
        assert!(valid_reference("refs/heads/feature/a+b@c").is_ok() && valid_reference("refs/tags/v1").is_ok());
        assert!(valid_commit("abc").is_err() && valid_commit(&"g".repeat(40)).is_err());
        assert_eq!(valid_commit(&"A".repeat(40)).unwrap(), "a".repeat(40));
    }
}
