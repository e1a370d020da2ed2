//! Defines [`Net`]: the one way to the network, which can refuse.

use std::sync::OnceLock;
use std::time::Duration;

use crate::environment::Token;
use crate::error::Error;

/// No answer larger than this is read, in bytes.
const MAX_ANSWER: usize = 128 << 20;

/// The one client. Offline, it refuses every request without a packet.
pub struct Net {
    offline: bool,
    client: OnceLock<Result<reqwest::Client, String>>,
}

/// An answer of a server.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The entity tag, for the next conditional request; `None` when the server gives none.
    pub etag: Option<String>,
    /// The body, at most 128 MiB.
    pub body: Vec<u8>,
}

impl Net {
    /// A client that sends nothing when `offline`.
    pub fn new(offline: bool) -> Self {
        Self { offline, client: OnceLock::new() }
    }

    /// Whether every request is refused.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// Gets a page, conditionally on an entity tag when one is given (the status is then perhaps 304).
    ///
    /// # Errors
    /// Offline, no connection, a time-out (10 s to connect, 60 s in all), or too large an answer.
    pub async fn get(&self, url: &str, etag: Option<&str>) -> Result<Answer, Error> {
        self.send(url, etag.map(|etag| (reqwest::header::IF_NONE_MATCH, etag.to_owned()))).await
    }

    /// Gets a page of GitHub's API as the owner of a token, which is sent to no other host, redirected or not.
    ///
    /// # Errors
    /// As for [`Net::get`].
    pub async fn get_as(&self, url: &str, token: &Token) -> Result<Answer, Error> {
        self.send(url, Some((reqwest::header::AUTHORIZATION, token.header()))).await
    }

    async fn send(&self, url: &str, header: Option<(reqwest::header::HeaderName, String)>) -> Result<Answer, Error> {
        let host = url.split('/').nth(2).unwrap_or(url);
        let failed = || Error::usage(format!("cannot reach {host}"));
        if self.offline {
            return Err(failed().because("the run is offline".to_owned()));
        }
        let client = self.client.get_or_init(client).as_ref().map_err(|e| failed().because(e.clone()))?;
        let mut request = client.get(url);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(|e| failed().because(e.without_url()))?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (status, etag) = (response.status().as_u16(), header("etag"));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| failed().because(e.without_url()))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(failed().because(format!("the answer has more than {MAX_ANSWER} bytes")));
            }
        }
        Ok(Answer { status, etag, body })
    }
}

fn client() -> Result<reqwest::Client, String> {
    // Another part of the process may have chosen a provider already; either serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("scanall/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(60))
        .build()
        .map_err(|e| e.to_string())
}
