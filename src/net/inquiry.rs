//! Defines [`Inquirer`] and [`Inquiry`]: how a provider is asked about a credential, and nobody else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, NoProxy, Proxy, Url};

use super::public::PublicOnly;
use super::{Answer, client, unreachable};
use crate::error::Error;

/// So much of an answer is read, in bytes; the rest is left.
const MAX_BODY: usize = 64 << 10;
/// No answer takes longer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The way to providers, as the environment says and no file of what is scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// `HTTPS_PROXY`, else `ALL_PROXY`, in either case; `None` to go there directly. A proxy resolves names itself, so
    /// that the addresses behind it are its business.
    pub proxy: Option<String>,
    /// `NO_PROXY`: the hosts that are asked directly all the same.
    pub no_proxy: Option<String>,
    /// `SCANALL_TEST_VERIFY`: the address and port of a server on this machine that is asked in the place of every
    /// provider, by plain HTTP. For tests only, which cannot ask providers; another machine's address is an error.
    pub test_server: Option<String>,
}

/// A request to a provider. It holds a credential: it has no `Debug`, and its address is never shown.
pub struct Inquiry {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Inquiry {
    /// A request without headers and body. Whether the host may be asked is for whoever makes it to say.
    pub fn new(is_post: bool, url: Url) -> Self {
        let method = if is_post { Method::POST } else { Method::GET };
        Self { method, url, headers: HeaderMap::new(), body: Vec::new() }
    }

    /// Adds a header.
    ///
    /// # Errors
    /// The value cannot stand in a header: it has a line break, or is no ASCII.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let is_ascii = value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
        let parsed = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        let (name, mut value) = parsed.filter(|_| is_ascii).ok_or("it cannot stand in a header")?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(())
    }

    /// The value of a header; `None` without one.
    #[cfg(test)]
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Sets the body.
    pub fn set_body(&mut self, body: Vec<u8>) {
        self.body = body;
    }

    /// The body; empty without one.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The method: `GET` or `POST`.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The address, in which the credential may be.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host that is asked.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

/// Asks providers: over TLS, at public addresses alone, without following anything that an answer points to.
pub struct Inquirer {
    client: Client,
    /// The host of the proxy, which is nobody to ask about a credential.
    proxy: Option<String>,
    test_server: Option<SocketAddr>,
}

impl Inquirer {
    pub(super) fn new(way: &Way) -> Result<Self, Error> {
        let builder = Client::builder().redirect(Policy::none()).no_proxy();
        if let Some(server) = &way.test_server {
            let address = server.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback());
            let address = address.ok_or_else(|| Error::usage("SCANALL_TEST_VERIFY is no address of this machine"))?;
            let client = client(builder).map_err(|e| Error::usage("no provider can be asked").because(e))?;
            return Ok(Self { client, proxy: None, test_server: Some(address) });
        }
        let mut builder = builder.https_only(true);
        let mut proxy_host = None;
        if let Some(address) = &way.proxy {
            // The address may hold a password, and is not repeated.
            let refused = || Error::usage("the proxy of HTTPS_PROXY or ALL_PROXY is no address");
            let address = if address.contains("://") { address.clone() } else { format!("http://{address}") };
            let url = Url::parse(&address).map_err(|_| refused())?;
            proxy_host = url.host_str().map(str::to_owned);
            let proxy = Proxy::all(url).map_err(|_| refused())?;
            builder = builder.proxy(proxy.no_proxy(way.no_proxy.as_deref().and_then(NoProxy::from_string)));
        }
        let resolver = PublicOnly { proxy: proxy_host.clone() };
        let client = client(builder.dns_resolver(Arc::new(resolver)))
            .map_err(|e| Error::usage("no provider can be asked").because(e))?;
        Ok(Self { client, proxy: proxy_host, test_server: None })
    }

    /// Asks, once. A redirection is an answer like any other; of the body at most 64 KiB are read.
    ///
    /// # Errors
    /// No connection, no public address, or no answer within 15 s. The address is not repeated.
    pub async fn ask(&self, inquiry: &Inquiry) -> Result<Answer, Error> {
        let host = inquiry.host();
        if self.proxy.as_deref() == Some(host) {
            return Err(unreachable(host).because("it is the proxy".to_owned()));
        }
        let mut url = inquiry.url.clone();
        let mut headers = inquiry.headers.clone();
        if let Some(server) = self.test_server {
            let moved = url.set_scheme("http").is_ok() && url.set_ip_host(server.ip()).is_ok();
            if !moved || url.set_port(Some(server.port())).is_err() {
                return Err(unreachable(host));
            }
            headers.extend(HeaderValue::from_str(host).map(|value| (reqwest::header::HOST, value)));
        }
        let request = self.client.request(inquiry.method.clone(), url).headers(headers).timeout(TIMEOUT);
        let request = if inquiry.body.is_empty() { request } else { request.body(inquiry.body.clone()) };
        receive_some(request, host).await
    }
}

/// Sends a request and reads the beginning of the answer.
async fn receive_some(request: reqwest::RequestBuilder, host: &str) -> Result<Answer, Error> {
    let failed = |e: reqwest::Error| unreachable(host).because(e.without_url());
    let mut response = request.send().await.map_err(failed)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        let room = MAX_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(Answer { status, etag: None, body, headers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_takes_what_a_header_can_hold() {
        let mut inquiry = Inquiry::new(false, Url::parse("https://api.acme.test/").unwrap());
        assert!(inquiry.header("Authorization", "Bearer x y").is_ok());
        for bad in ["a\nb", "a\r\nHost: b", "a\0", "ä"] {
            assert!(inquiry.header("Authorization", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn only_this_machine_stands_in_for_providers() {
        let way = |server: &str| Way { test_server: Some(server.to_owned()), ..Way::default() };
        assert!(Inquirer::new(&way("127.0.0.1:80")).is_ok() && Inquirer::new(&way("[::1]:80")).is_ok());
        for bad in ["10.0.0.1:80", "1.1.1.1:80", "localhost:80", "127.0.0.1", "0.0.0.0:80"] {
            assert!(Inquirer::new(&way(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn neither_this_machine_nor_the_proxy_is_asked() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ask = |way: &Way, url: &str| {
            let inquiry = Inquiry::new(false, Url::parse(url).unwrap());
            let answer = runtime.block_on(Inquirer::new(way).unwrap().ask(&inquiry));
            answer.err().map(|e| e.to_string()).unwrap()
        };
        assert!(ask(&Way::default(), "https://localhost/").contains("no public address"));
        let way = Way { proxy: Some("proxy.test:3128".to_owned()), ..Way::default() };
        assert!(ask(&way, "https://proxy.test/").contains("it is the proxy"));
    }
}
