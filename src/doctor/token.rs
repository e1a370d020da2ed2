//! What GitHub says of the token, if there is one: whether it is valid, and what it may do in this repository.

use serde::Deserialize;

use super::{Check, Patient};
use crate::environment::Token;

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
    let github = &patient.environment.github;
    let Some(token) = &github.token else { return Vec::new() };
    if patient.context.net.is_offline() {
        return vec![Check::ok(AREA, format!("{} is set; offline nobody is asked about it", token.variable))];
    }
    let remote = patient.context.target.origin.remote.as_deref();
    let named = github.repository.clone().or_else(|| remote.and_then(|url| slug(url, &github.api_url)));
    let Some(repository) = named.filter(|name| is_slug(name)) else {
        return vec![Check::warn(
            AREA,
            format!("{} is set, but the repository has no remote on GitHub", token.variable),
        )];
    };
    vec![ask(patient, token, &repository)]
}

fn ask(patient: &Patient<'_>, token: &Token, repository: &str) -> Check {
    let api = &patient.environment.github.api_url;
    // A token sent in clear is a leak of our own making. What stays on this machine is no network.
    if !api.starts_with("https://") && !is_local(api) {
        return Check::fail(AREA, "GITHUB_API_URL is not https, so the token is not sent there");
    }
    let url = format!("{}/repos/{repository}", api.trim_end_matches('/'));
    let name = token.variable;
    let net = &patient.context.net;
    match patient.context.runtime.block_on(net.get_as(&url, token)) {
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

/// `owner/name` of the address of a repository, if that is on the server whose API is asked.
fn slug(remote: &str, api: &str) -> Option<String> {
    let host = api.split('/').nth(2)?;
    let host = host.strip_prefix("api.").unwrap_or(host);
    let rest = match remote.split_once("://") {
        Some((_, rest)) => rest.rsplit_once('@').map_or(rest, |(_, rest)| rest),
        None => remote.rsplit_once('@').map_or(remote, |(_, rest)| rest),
    };
    let path = rest.strip_prefix(host)?.trim_start_matches([':', '/']);
    let path = path.trim_end_matches('/');
    Some(path.strip_suffix(".git").unwrap_or(path).to_owned())
}

/// Whether a text is `owner/name` and nothing that could lead elsewhere.
fn is_slug(text: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && !part.chars().all(|c| c == '.')
    };
    text.split_once('/').is_some_and(|(owner, name)| good(owner) && good(name))
}

fn is_local(url: &str) -> bool {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split(['/', ':']).next());
    host.is_some_and(|host| ["127.0.0.1", "localhost"].contains(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_found_in_their_addresses() {
        let api = "https://api.github.com";
        for (remote, name) in [
            ("https://github.com/acme/shop.git", Some("acme/shop")),
            ("https://user:word@github.com/acme/shop", Some("acme/shop")),
            ("git@github.com:acme/shop.git", Some("acme/shop")),
            ("ssh://git@github.com/acme/shop/", Some("acme/shop")),
            ("https://gitlab.com/acme/shop", None),
            ("https://github.com.evil.invalid/acme/shop", None),
            ("https://github.com/acme/../shop", None),
            ("https://github.com/acme/shop?x=y", None),
            ("/srv/git/shop", None),
        ] {
            assert_eq!(slug(remote, api).filter(|name| is_slug(name)).as_deref(), name, "{remote}");
        }
        let enterprise = "https://git.acme.invalid/api/v3";
        assert_eq!(slug("git@git.acme.invalid:a/b", enterprise).as_deref(), Some("a/b"));
        assert!(
            is_local("http://127.0.0.1:80/x")
                && !is_local("http://127.0.0.1.evil.invalid")
                && !is_local("http://localhost@evil.invalid")
        );
    }
}
