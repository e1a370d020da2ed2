//! What GitHub says of the token, if there is one: whether it is valid, and what it may do in this repository.

use reqwest::Method;
use serde::Deserialize;

use super::{Check, Patient};
use crate::environment::github_token;
use crate::github::{Address, Slug, Token};
use crate::net::Request;

const AREA: &str = "token";

/// What the API says of a repository, as far as it is about us.
#[derive(Deserialize)]
struct Repository {
    #[serde(default)]
    permissions: Permissions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Permissions {
    admin: bool,
    push: bool,
    pull: bool,
}

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let Some((name, token)) = github_token() else { return Vec::new() };
    if patient.context.net.is_offline() {
        return vec![Check::ok(AREA, format!("{name} is set; offline nobody is asked about it"))];
    }
    vec![check(patient, name, &token)]
}

fn check(patient: &Patient<'_>, name: &str, token: &Token) -> Check {
    let github = &patient.environment.github;
    let address = match Address::of(github) {
        Ok(address) => address,
        Err(error) => return Check::failed(AREA, &error),
    };
    let remote = patient.context.target.origin.remote.as_deref().and_then(Slug::of_remote);
    let remote = remote.filter(|(host, _)| *host == address.host()).map(|(_, slug)| slug);
    match github.repository.as_deref().and_then(|named| named.parse().ok()).or(remote) {
        Some(repository) => ask(patient, (name, token), &address, &repository),
        None => Check::warn(AREA, format!("{name} is set, but the repository has no remote on GitHub")),
    }
}

fn ask(patient: &Patient<'_>, (name, token): (&str, &Token), address: &Address, repository: &Slug) -> Check {
    let url = format!("{}/repos/{repository}", address.api);
    let answer = Request::new(Method::GET, &url).and_then(|request| {
        let request = request.token(token);
        patient.context.runtime.block_on(patient.context.net.send(&request))
    });
    match answer {
        Err(error) => Check::warn(AREA, format!("nobody can say what {name} may do: {}", error.chain().join(": "))),
        Ok(answer) => match answer.status {
            200 => {
                let about: Option<Repository> = serde_json::from_slice(&answer.body).ok();
                let Permissions { admin, push, pull } = about.map(|about| about.permissions).unwrap_or_default();
                let may = [(admin, "administer"), (push, "write"), (pull, "read")];
                let may: Vec<&str> = may.into_iter().filter(|(may, _)| *may).map(|(_, word)| word).collect();
                match may.is_empty() {
                    true => Check::ok(AREA, format!("{name} is valid for {repository}")),
                    false => Check::ok(AREA, format!("{name} is valid for {repository} and may {}", may.join(", "))),
                }
            }
            401 => {
                Check::fail(AREA, format!("{name} is not valid, or has expired")).hint("make a new one, or unset it")
            }
            403 => Check::warn(AREA, format!("{name} may not see {repository}, or has asked too often"))
                .hint("a workflow needs `contents: read`, and `security-events: write` to upload"),
            404 => Check::warn(AREA, format!("{name} does not see {repository}"))
                .hint("it needs access to this repository"),
            status => Check::warn(AREA, format!("GitHub answered with status {status} when asked about {name}")),
        },
    }
}
