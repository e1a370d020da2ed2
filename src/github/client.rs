//! Defines [`Client`]: requests to one GitHub server, tried again where that helps.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::Value;

use super::pace::{ATTEMPTS, LONGEST, backoff};
use super::refusal::NO_RIGHTS;
use super::{Address, Event, Pace, Token, refusal};
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::net::{Answer, Net, Request};
use crate::text;

const HEADERS: [(&str, &str); 2] = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")];
/// An answer may take so long, and an upload of ten megabytes so much longer.
const TIMEOUT: Duration = Duration::from_secs(60);
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(300);
/// A request of so many bytes is an upload.
const LARGE: usize = 1 << 20;
/// So many pages of a list are read, of 100 entries each.
const PAGES: usize = 100;
/// So many characters of what a server says are passed on.
const MOST_WORDS: usize = 500;

/// Requests to one GitHub server with one token.
pub struct Client<'a> {
    net: &'a Net,
    /// Where the server is.
    pub address: Address,
    token: Token,
    /// How long it waits.
    pub pace: Pace,
}

/// What the server answered when it did what was asked.
#[derive(Debug)]
pub struct Reply {
    /// The JSON; null where there is none.
    pub body: Value,
    /// The address of the next page of a list; `None` behind the last one.
    next: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
pub enum Failure {
    /// The server understood and refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's words, bounded and without the token.
        message: String,
    },
    /// The server could not be asked, or made no sense.
    Broken(Error),
}

impl Failure {
    /// The error for the user: what could not be done in an event, why, and what to change.
    pub fn explain_in(self, event: &Event, doing: &str) -> Error {
        match self {
            // The server has the same words for a token without a right, which can be given, and for this.
            Self::Refused { message, .. } if event.is_foreign == Some(true) && message.contains(NO_RIGHTS) => {
                refusal::explain_foreign(doing, &message)
            }
            failure => failure.explain(doing),
        }
    }

    /// Whether the token has no right to do it, which is how a fork's pull request looks.
    pub fn is_without_rights(&self) -> bool {
        matches!(self, Self::Refused { message, .. } if message.contains(NO_RIGHTS))
    }

    /// The error for the user: what could not be done, why, and what to change.
    pub fn explain(self, doing: &str) -> Error {
        match self {
            Self::Refused { status, message } => refusal::explain(doing, status, &message),
            Self::Broken(error) => {
                let hints = error.hints().to_vec();
                hints.into_iter().fold(Error::usage(format!("cannot {doing}")).because(error), Error::hint)
            }
        }
    }
}

/// What an answer asks for.
enum Next {
    Done,
    Refused,
    /// Try again behind a wait.
    Again(Duration),
    /// It would have to wait longer than anybody wants to.
    TooLong(Duration),
}

impl<'a> Client<'a> {
    /// A client for the server and the token of the environment.
    ///
    /// # Errors
    /// There is no token, or the server's address is not valid.
    pub fn new(net: &'a Net, environment: &Environment) -> Result<Self, Error> {
        let (_, token) = environment::github_token().ok_or_else(|| {
            Error::usage("there is no token for GitHub")
                .hint("set GITHUB_TOKEN; in a workflow: env: GITHUB_TOKEN: ${{ github.token }}")
        })?;
        let variables = &environment.github;
        let part = variables.test_pace.as_deref().and_then(|part| part.parse().ok());
        let address = Address::of(variables)?;
        Ok(Self { net, address, token, pace: part.map_or_else(Pace::default, Pace::part) })
    }

    /// Asks the REST API.
    ///
    /// # Errors
    /// The server refused, or could not be asked in some attempts.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, Failure> {
        self.send(method, &format!("{}{path}", self.address.api), body).await
    }

    /// Asks the GraphQL API, which refuses inside of its answers.
    ///
    /// # Errors
    /// As for [`Client::ask`].
    pub async fn query(&self, query: &Value) -> Result<Value, Failure> {
        let mut body = self.send(Method::POST, &self.address.graphql, Some(query)).await?.body;
        match body["errors"][0]["message"].as_str() {
            Some(message) => Err(Failure::Refused { status: 200, message: self.words(message) }),
            None => Ok(body.get_mut("data").map(Value::take).unwrap_or_default()),
        }
    }

    /// Reads a list, page after page, up to 10,000 entries; tells whether that was all of it.
    ///
    /// # Errors
    /// As for [`Client::ask`]; a page is no list, or leads to another server.
    pub async fn list(&self, path: &str) -> Result<(Vec<Value>, bool), Failure> {
        let mut entries = Vec::new();
        let mut url = format!("{}{path}", self.address.api);
        for _ in 0..PAGES {
            let Reply { body, next } = self.send(Method::GET, &url, None).await?;
            let Value::Array(page) = body else {
                return Err(Failure::Broken(Error::usage("the server answered with something that is no list")));
            };
            entries.extend(page);
            match next {
                None => return Ok((entries, true)),
                // The token is for this server, wherever a list says that it goes on.
                Some(next) if next.starts_with(&format!("{}/", self.address.api)) => url = next,
                Some(_) => return Err(Failure::Broken(Error::usage("a list goes on at another server"))),
            }
        }
        Ok((entries, false))
    }

    async fn send(&self, method: Method, url: &str, body: Option<&Value>) -> Result<Reply, Failure> {
        let body = body.map(Value::to_string).map(String::into_bytes);
        let mut attempt = 0;
        loop {
            let mut request = Request::new(method.clone(), url).map_err(Failure::Broken)?;
            let is_large = body.as_ref().is_some_and(|body| body.len() > LARGE);
            let timeout = if is_large { UPLOAD_TIMEOUT } else { TIMEOUT };
            request = request.headers(&HEADERS).token(&self.token).timeout(timeout);
            if let Some(body) = &body {
                request = request.json(body.clone());
            }
            let answer = self.net.send(&request).await;
            let last = attempt + 1 == ATTEMPTS;
            let wait = match &answer {
                Err(_) if last || self.net.is_offline() => Next::Refused,
                Err(_) => Next::Again(backoff(attempt)),
                Ok(answer) => next(answer, attempt, now()),
            };
            match (wait, answer) {
                (Next::Again(wait), _) if !last => self.pace.wait(wait).await,
                (_, Err(error)) => return Err(Failure::Broken(error)),
                (Next::Done, Ok(answer)) => return self.reply(&answer),
                (Next::TooLong(wait), Ok(answer)) => {
                    return Err(Failure::Broken(
                        Error::usage(format!("the server asks to wait {}", text::seconds(wait)))
                            .because(self.message(&answer))
                            .hint("try again then, or use a token with a larger limit"),
                    ));
                }
                (_, Ok(answer)) => {
                    return Err(Failure::Refused { status: answer.status, message: self.message(&answer) });
                }
            }
            attempt += 1;
        }
    }

    fn reply(&self, answer: &Answer) -> Result<Reply, Failure> {
        let body = match answer.body.trim_ascii() {
            [] => Value::Null,
            body => serde_json::from_slice(body)
                .map_err(|_| Failure::Broken(Error::usage("the server answered with something that is no JSON")))?,
        };
        let next = answer.header("link").and_then(next_page).map(str::to_owned);
        Ok(Reply { body, next })
    }

    /// The server's own words about a refusal.
    fn message(&self, answer: &Answer) -> String {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let mut words = vec![body["message"].as_str().unwrap_or_default().to_owned()];
        for error in body["errors"].as_array().into_iter().flatten().take(5) {
            let said = error.as_str().or_else(|| error["message"].as_str()).map(str::to_owned);
            words.push(said.unwrap_or_else(|| error.to_string()));
        }
        // Where to authorize the token for single sign-on.
        words.extend(answer.header("x-github-sso").map(str::to_owned));
        words.retain(|word| !word.is_empty());
        match words.is_empty() {
            true => format!("status {}", answer.status),
            false => self.words(&words.join("; ")),
        }
    }

    /// A server's words, bounded and without the token.
    pub fn words(&self, text: &str) -> String {
        let hidden = self.token.hide_in(text);
        let words = text::printable(&hidden);
        match words.char_indices().nth(MOST_WORDS) {
            Some((end, _)) => format!("{}…", &words[..end]),
            None => words,
        }
    }
}

/// Decides what an answer asks for: errors of the server and rate limits are waited out, other refusals are final.
fn next(answer: &Answer, attempt: u32, now: u64) -> Next {
    let number = |name: &str| answer.header(name).and_then(|value| value.trim().parse::<u64>().ok());
    let said = || String::from_utf8_lossy(&answer.body[..answer.body.len().min(4096)]).to_ascii_lowercase();
    let used_up = || number("x-ratelimit-remaining") == Some(0);
    let is_limit = match answer.status {
        429 => true,
        403 => used_up() || number("retry-after").is_some() || said().contains("rate limit"),
        _ => false,
    };
    match answer.status {
        200..=299 => Next::Done,
        status if is_limit || status >= 500 => {
            let reset = number("x-ratelimit-reset").filter(|_| is_limit && used_up());
            let asked = number("retry-after").or_else(|| Some(reset?.saturating_sub(now).saturating_add(1)));
            match asked.map(Duration::from_secs) {
                Some(wait) if wait > LONGEST => Next::TooLong(wait),
                Some(wait) => Next::Again(wait.max(backoff(0))),
                // GitHub asks for at least a minute behind a limit that says nothing else.
                None if is_limit => Next::Again(Duration::from_secs(60).max(backoff(attempt))),
                None => Next::Again(backoff(attempt)),
            }
        }
        _ => Next::Refused,
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The address of `rel="next"` in a `Link` header.
fn next_page(link: &str) -> Option<&str> {
    link.split(',').find_map(|part| {
        let (url, parameters) = part.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.split(';').any(|parameter| parameter.trim().trim_matches('"') == "rel=\"next");
        is_next.then_some(url)
    })
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn the_next_page_is_found_among_its_neighbours() {
        let link = "<https://a/x?page=1>; rel=\"prev\", <https://a/x?page=3>; rel=\"next\", <https://a/x?page=9>; rel=\"last\"";
        assert_eq!(next_page(link), Some("https://a/x?page=3"));
        assert_eq!(next_page("<https://a/x?page=1>; rel=\"prev\""), None);
        assert_eq!(next_page("nonsense"), None);
    }
}
