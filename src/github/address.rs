//! Defines [`Address`]: where a GitHub server is spoken to, and [`Slug`], the name of a repository on it.
//!
//! The server is named by the environment alone. A scanned repository could name any, and would be sent the token.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

use crate::environment::GithubVariables;
use crate::error::Error;
use crate::text;

/// A GitHub server. Nothing ends in a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The REST API: `https://api.github.com`.
    pub api: String,
    /// The GraphQL API: `https://api.github.com/graphql`.
    pub graphql: String,
    /// What people open: `https://github.com`.
    pub server: String,
}

impl Address {
    /// The server that `GITHUB_API_URL`, `GITHUB_GRAPHQL_URL` and `GITHUB_SERVER_URL` name, github.com without them. One
    /// is told from the other where it can be: `https://HOST/api/v3`, and `https://api.NAME.ghe.com`.
    ///
    /// # Errors
    /// A variable is no address, or one that no token may be sent to.
    pub fn of(variables: &GithubVariables) -> Result<Self, Error> {
        let given = |value: &Option<String>| value.as_deref().map(clean).transpose();
        let (api, server) = (given(&variables.api_url)?, given(&variables.server_url)?);
        let server = match (&server, &api) {
            (Some(server), _) => server.clone(),
            (None, Some(api)) => server_of(api),
            (None, None) => "https://github.com".to_owned(),
        };
        let api = api.unwrap_or_else(|| api_of(&server));
        let graphql = match given(&variables.graphql_url)? {
            Some(graphql) => graphql,
            None => api.strip_suffix("/v3").map_or_else(|| format!("{api}/graphql"), |base| format!("{base}/graphql")),
        };
        // Says early what a request would say.
        for url in [&api, &graphql] {
            crate::net::Request::new(reqwest::Method::GET, url)?;
        }
        Ok(Self { api, graphql, server })
    }

    /// The name of the server that people open.
    pub fn host(&self) -> String {
        Url::parse(&self.server).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

fn clean(text: &str) -> Result<String, Error> {
    let refused = || Error::usage(format!("`{}` is no address of a GitHub server", text::printable(text)));
    let url = Url::parse(text.trim()).map_err(|e| refused().because(e))?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    match plain && url.fragment().is_none() && url.has_host() && ["http", "https"].contains(&url.scheme()) {
        true => Ok(url.as_str().trim_end_matches('/').to_owned()),
        false => Err(refused().hint("write it as https://HOST/PATH")),
    }
}

fn api_of(server: &str) -> String {
    match server.strip_prefix("https://") {
        Some("github.com") => "https://api.github.com".to_owned(),
        Some(host) if host.ends_with(".ghe.com") => format!("https://api.{host}"),
        _ => format!("{server}/api/v3"),
    }
}

fn server_of(api: &str) -> String {
    match api.strip_suffix("/api/v3") {
        Some(server) => server.to_owned(),
        None => api.replacen("://api.", "://", 1),
    }
}

/// `owner/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug {
    owner: String,
    name: String,
}

impl Slug {
    /// The host and the repository of a git remote: `https://HOST/OWNER/NAME.git`, `ssh://git@HOST/OWNER/NAME`,
    /// `git@HOST:OWNER/NAME.git`. `None` when it has no such form.
    pub fn of_remote(remote: &str) -> Option<(String, Self)> {
        let (host, path) = match remote.split_once("://") {
            Some((scheme, _)) => {
                let url = ["https", "http", "ssh", "git"].contains(&scheme).then(|| Url::parse(remote).ok())??;
                (url.host_str()?.to_owned(), url.path().trim_start_matches('/').to_owned())
            }
            None => {
                let (host, path) = remote.split_once(':')?;
                (host.rsplit('@').next()?.to_owned(), path.trim_start_matches('/').to_owned())
            }
        };
        let path = path.trim_end_matches('/');
        let slug = path.strip_suffix(".git").unwrap_or(path).parse().ok()?;
        // What ssh calls github.com where port 22 is closed.
        let host = if host == "ssh.github.com" { "github.com".to_owned() } else { host.to_ascii_lowercase() };
        Some((host, slug))
    }
}

impl FromStr for Slug {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{}` is no repository; write OWNER/NAME", text::printable(text));
        let (owner, name) = text.split_once('/').ok_or_else(refused)?;
        let valid = |part: &str| {
            let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            !part.is_empty() && part.len() <= 100 && part.bytes().all(known) && part != "." && part != ".."
        };
        match valid(owner) && valid(name) {
            true => Ok(Self { owner: owner.to_owned(), name: name.to_owned() }),
            false => Err(refused()),
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(api: Option<&str>, server: Option<&str>) -> Result<Address, Error> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Address::of(&GithubVariables { api_url: own(api), server_url: own(server), ..GithubVariables::default() })
    }

    #[test]
    fn a_server_is_told_from_what_is_known_of_it() {
        for (api, server, expected) in [
            (None, None, ["https://api.github.com", "https://api.github.com/graphql", "https://github.com"]),
            (
                None,
                Some("https://git.acme.example"),
                ["https://git.acme.example/api/v3", "https://git.acme.example/api/graphql", "https://git.acme.example"],
            ),
            (
                Some("https://git.acme.example/api/v3/"),
                None,
                ["https://git.acme.example/api/v3", "https://git.acme.example/api/graphql", "https://git.acme.example"],
            ),
            (
                None,
                Some("https://acme.ghe.com"),
                ["https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql", "https://acme.ghe.com"],
            ),
        ] {
            let Address { api, graphql, server } = address(api, server).unwrap();
            assert_eq!([api.as_str(), &graphql, &server], expected);
        }
    }

    #[test]
    fn an_address_that_a_token_must_not_reach_is_refused() {
        for api in ["http://api.github.com", "https://user:pass@api.github.com", "ftp://x", "x", "https://a/?b=c"] {
            assert!(address(Some(api), None).is_err(), "{api}");
        }
    }

    #[test]
    fn remotes_name_repositories() {
        for remote in [
            "https://github.com/acme/shop.git",
            "https://user@github.com/acme/shop",
            "https://github.com/acme/shop/",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com/acme/shop.git",
            "ssh://git@ssh.github.com:443/acme/shop.git",
            "github.com:acme/shop",
        ] {
            let (host, slug) = Slug::of_remote(remote).unwrap();
            assert_eq!((host.as_str(), slug.to_string().as_str()), ("github.com", "acme/shop"), "{remote}");
        }
        for remote in ["/srv/git/shop", "../shop", "file:///srv/acme/shop", "https://github.com/shop", "C:\\a\\b", ""] {
            assert!(Slug::of_remote(remote).is_none(), "{remote}");
        }
        for text in ["acme", "a/b/c", "../x", "a/..", "a b/c", "a/b?c", "/", "a/\u{1b}"] {
            assert!(text.parse::<Slug>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_remote_smuggles_anything_into_an_address(
            start in "(https://|ssh://git@|git@|)", host in "[a-z.@:/]{0,12}", rest in "[:/]?.{0,30}",
        ) {
            if let Some((host, slug)) = Slug::of_remote(&format!("{start}{host}{rest}")) {
                let slug = slug.to_string();
                proptest::prop_assert_eq!(slug.matches('/').count(), 1);
                proptest::prop_assert!(slug.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b)));
                proptest::prop_assert!(!slug.split('/').any(|part| part == ".." || part == "."));
                proptest::prop_assert!(!host.is_empty());
            }
        }
    }
}
