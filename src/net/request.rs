//! Defines [`Request`]: what is sent to a server that knows who asks.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Url};

use crate::error::Error;
use crate::github::Token;

/// A request with JSON in it, and perhaps a token.
pub struct Request<'a> {
    method: Method,
    url: Url,
    headers: &'a [(&'static str, &'static str)],
    token: Option<&'a Token>,
    body: Option<Vec<u8>>,
    timeout: Duration,
}

impl<'a> Request<'a> {
    /// A request without a body, that has a minute.
    ///
    /// # Errors
    /// The address is not valid, or neither HTTPS nor plain HTTP to this machine itself.
    pub fn new(method: Method, url: &str) -> Result<Self, Error> {
        let refused = || Error::usage(format!("`{}` is no address to send a token to", crate::text::printable(url)));
        let url = Url::parse(url).map_err(|e| refused().because(e))?;
        let request = Self { method, url, headers: &[], token: None, body: None, timeout: Duration::from_secs(60) };
        match request.url.scheme() {
            "https" => Ok(request),
            "http" if request.is_loopback() => Ok(request),
            _ => Err(refused().hint("a token is only sent over https")),
        }
    }

    /// With headers.
    #[must_use]
    pub fn headers(mut self, headers: &'a [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// With a token that says who asks.
    #[must_use]
    pub fn token(mut self, token: &'a Token) -> Self {
        self.token = Some(token);
        self
    }

    /// With JSON.
    #[must_use]
    pub fn json(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    /// With another bound on the time that it may take in all.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The server's name.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether it goes to this machine by its number, which no name service can redirect, or by `localhost`.
    pub fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    pub(super) fn build(&self, client: &Client) -> RequestBuilder {
        let mut builder = client.request(self.method.clone(), self.url.clone()).timeout(self.timeout);
        for (name, value) in self.headers {
            builder = builder.header(*name, *value);
        }
        if let Some(Ok(mut value)) =
            self.token.map(|token| HeaderValue::from_str(&format!("Bearer {}", token.expose())))
        {
            value.set_sensitive(true);
            builder = builder.header(AUTHORIZATION, value);
        }
        match &self.body {
            Some(body) => builder.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => builder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_over_https_or_nowhere_but_home() {
        for (url, fine) in [
            ("https://api.github.com/x", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://[::1]:8080/x", true),
            ("http://localhost/x", true),
            ("http://api.github.com/x", false),
            ("http://127.0.0.1.evil.example/x", false),
            ("http://localhost.evil.example/x", false),
            ("http://127.0.0.1@evil.example/x", false),
            ("ftp://127.0.0.1/x", false),
            ("file:///etc/passwd", false),
            ("nonsense", false),
        ] {
            assert_eq!(Request::new(Method::GET, url).is_ok(), fine, "{url}");
        }
    }
}
