//! Defines [`Net`]: the one way to the network, which can refuse.

pub mod download;
pub mod inquiry;
pub mod public;
pub mod request;

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;

use crate::error::Error;
pub use inquiry::{Inquirer, Inquiry, Way};
pub use request::Request;

/// No answer larger than this is read, in bytes.
const MAX_ANSWER: usize = 128 << 20;

/// The one client. Offline, it refuses every request without a packet.
pub struct Net {
    offline: bool,
    client: OnceLock<Result<reqwest::Client, String>>,
    /// For requests with credentials to other machines: only encrypted, and never sent on to where an answer points.
    guarded: OnceLock<Result<reqwest::Client, String>>,
    /// The same to this machine, which no proxy needs to see.
    loopback: OnceLock<Result<reqwest::Client, String>>,
}

/// An answer of a server.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The entity tag, for the next conditional request; `None` when the server gives none.
    pub etag: Option<String>,
    /// The body, at most 128 MiB.
    pub body: Vec<u8>,
    headers: HeaderMap,
}

impl Answer {
    /// An answer without headers.
    #[cfg(test)]
    pub(crate) fn new(status: u16, body: &[u8]) -> Self {
        Self { status, etag: None, body: body.to_owned(), headers: HeaderMap::new() }
    }

    /// A header that is text; `None` without one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Net {
    /// A client that sends nothing when `offline`.
    pub fn new(offline: bool) -> Self {
        Self { offline, client: OnceLock::new(), guarded: OnceLock::new(), loopback: OnceLock::new() }
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
        let host = url.split('/').nth(2).unwrap_or(url);
        let client = self.chosen(&self.client, host, reqwest::Client::builder)?;
        let mut request = client.get(url);
        if let Some(etag) = etag {
            request = request.header(reqwest::header::IF_NONE_MATCH, etag);
        }
        receive(request, host).await
    }

    /// Sends a request that may carry credentials: over HTTPS, or to this machine itself, and to nobody else whatever
    /// the answer says; a redirection is an answer like any other.
    ///
    /// # Errors
    /// As for [`Net::get`], with the request's own bound on the time; the address is neither HTTPS nor this machine.
    pub async fn send(&self, request: &Request<'_>) -> Result<Answer, Error> {
        let host = request.host();
        let client = match request.is_loopback() {
            true => {
                self.chosen(&self.loopback, host, || reqwest::Client::builder().redirect(Policy::none()).no_proxy())
            }
            false => self
                .chosen(&self.guarded, host, || reqwest::Client::builder().redirect(Policy::none()).https_only(true)),
        }?;
        receive(request.build(client), host).await
    }

    /// Makes a client that asks providers about credentials, and goes the way that the environment says.
    ///
    /// # Errors
    /// Offline, or the way is not valid.
    pub fn inquirer(&self, way: &Way) -> Result<Inquirer, Error> {
        match self.offline {
            true => Err(Error::usage("no provider can be asked").because("the run is offline".to_owned())),
            false => Inquirer::new(way),
        }
    }

    fn chosen<'a>(
        &self,
        slot: &'a OnceLock<Result<reqwest::Client, String>>,
        host: &str,
        builder: impl FnOnce() -> reqwest::ClientBuilder,
    ) -> Result<&'a reqwest::Client, Error> {
        if self.offline {
            return Err(unreachable(host).because("the run is offline".to_owned()));
        }
        slot.get_or_init(|| client(builder())).as_ref().map_err(|e| unreachable(host).because(e.clone()))
    }
}

fn unreachable(host: &str) -> Error {
    Error::usage(format!("cannot reach {host}"))
}

/// Sends a request and reads the answer within its bound.
async fn receive(request: reqwest::RequestBuilder, host: &str) -> Result<Answer, Error> {
    let failed = |e: reqwest::Error| unreachable(host).because(e.without_url());
    let mut response = request.send().await.map_err(failed)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(unreachable(host).because(format!("the answer has more than {MAX_ANSWER} bytes")));
        }
    }
    let etag = headers.get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
    Ok(Answer { status, etag, body, headers })
}

fn client(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, String> {
    // Another part of the process may have chosen a provider already; either serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder
        .user_agent(concat!("scanall/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(60))
        .build()
        .map_err(|e| e.to_string())
}
