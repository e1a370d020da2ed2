//! Defines [`Verify`]: how the provider of a credential is asked whether it still works, as a rule declares it.
//!
//! `rules/README.md` documents the keys. Everything is checked when a rule is read, so that a mistake in a pack is an
//! error and no surprise in the middle of a run.

pub mod condition;
pub mod host;
pub mod sign;
pub mod template;

use std::collections::BTreeMap;

use regex::Regex;
use reqwest::Url;
use serde::Deserialize;

pub use condition::{Condition, Conditions, Source};
pub use host::HostPattern;
pub use sign::Sign;
pub use template::{Slot, Template};

/// How the provider of a credential is asked about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Verify {
    /// The only hosts that are ever asked; never empty.
    pub hosts: Vec<HostPattern>,
    /// Whether the request is a `POST`; else it is a `GET`.
    pub is_post: bool,
    /// The address: `https`, on one of the hosts, with no port and no user.
    pub url: Template,
    /// A pattern over the secret, the named groups of which templates may use; `None` without one.
    pub parts: Option<Regex>,
    /// Headers by name.
    pub headers: BTreeMap<String, Template>,
    /// User and password of HTTP's Basic authentication, RFC 7617; `None` without.
    pub basic: Option<(Template, Template)>,
    /// What is sent behind the headers.
    pub body: Body,
    /// How the request is signed; `None` when the credential itself is in it.
    pub sign: Option<Sign>,
    /// When the credential works.
    pub live: Conditions,
    /// When it does not; `None` where the host cannot tell, since another region or installation may take what it refuses.
    pub dead: Option<Conditions>,
    /// What of the answer says whose it is, by the name that it is shown under.
    pub info: BTreeMap<String, Source>,
}

/// What is sent behind the headers.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing.
    None,
    /// Pairs of a form, `application/x-www-form-urlencoded`.
    Form(BTreeMap<String, Template>),
    /// JSON, each text of which is a template.
    Json(serde_json::Value),
}

/// The table as it stands in a pack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    hosts: Vec<HostPattern>,
    get: Option<Template>,
    post: Option<Template>,
    parts: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, Template>,
    basic: Option<(Template, Template)>,
    #[serde(default)]
    form: BTreeMap<String, Template>,
    json: Option<serde_json::Value>,
    sign: Option<Sign>,
    live: Conditions,
    dead: Option<Conditions>,
    #[serde(default)]
    info: BTreeMap<String, Source>,
}

impl TryFrom<Written> for Verify {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let (is_post, url) = match (written.get, written.post) {
            (Some(url), None) => (false, url),
            (None, Some(url)) => (true, url),
            _ => return Err("verify needs one of `get` and `post`".to_owned()),
        };
        let body = match (written.form.is_empty(), written.json) {
            (true, None) => Body::None,
            (false, None) => Body::Form(written.form),
            (true, Some(json)) => Body::Json(json),
            (false, Some(_)) => return Err("verify has both a `form` and a `json`".to_owned()),
        };
        if !is_post && body != Body::None {
            return Err("verify has a body, which goes with `post` alone".to_owned());
        }
        if written.hosts.is_empty() {
            return Err("verify has no `hosts`".to_owned());
        }
        let parts = written.parts.map(|pattern| Regex::new(&pattern).map_err(|e| format!("`parts`: {e}")));
        let made = Self {
            hosts: written.hosts,
            is_post,
            url,
            parts: parts.transpose()?,
            headers: written.headers,
            basic: written.basic,
            body,
            sign: written.sign,
            live: written.live,
            dead: written.dead,
            info: written.info,
        };
        made.check_slots()?;
        made.check_headers()?;
        made.check_url()?;
        Ok(made)
    }
}

impl Verify {
    /// Whether a host is one that the rule lists.
    pub fn lists(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| pattern.fits(host))
    }

    /// Every template of it.
    ///
    /// # Errors
    /// A text of the JSON is no template.
    pub fn templates(&self) -> Result<Vec<Template>, String> {
        let mut all = vec![self.url.clone()];
        all.extend(self.headers.values().cloned());
        all.extend(self.basic.iter().flat_map(|(user, password)| [user.clone(), password.clone()]));
        match &self.body {
            Body::None => {}
            Body::Form(pairs) => all.extend(pairs.values().cloned()),
            Body::Json(value) => of_json(value, &mut all)?,
        }
        all.extend(self.sign.iter().flat_map(Sign::templates).cloned());
        Ok(all)
    }

    /// The rules whose matches must be near, by id.
    pub fn needs(&self) -> Vec<String> {
        let templates = self.templates().unwrap_or_default();
        let slots = templates.iter().flat_map(Template::slots);
        slots.filter_map(|slot| if let Slot::Need(rule) = slot { Some(rule.clone()) } else { None }).collect()
    }

    /// Every slot has something to fill it, and the credential is somewhere.
    fn check_slots(&self) -> Result<(), String> {
        let named: Vec<&str> = self.parts.iter().flat_map(|regex| regex.capture_names().flatten()).collect();
        let mut has_secret = false;
        for slot in self.templates()?.iter().flat_map(Template::slots) {
            has_secret |= !matches!(slot, Slot::Need(_));
            if let Slot::Part(name) = slot
                && !named.contains(&name.as_str())
            {
                return Err(format!("`{{{name}}}` is neither `secret` nor a group of `parts`"));
            }
        }
        if has_secret { Ok(()) } else { Err("verify sends the secret nowhere".to_owned()) }
    }

    fn check_headers(&self) -> Result<(), String> {
        for name in self.headers.keys() {
            let lower = name.to_ascii_lowercase();
            if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err()
                || ["host", "content-length", "transfer-encoding", "connection"].contains(&lower.as_str())
            {
                return Err(format!("`{name}` is no header that verify can send"));
            }
        }
        Ok(())
    }

    /// The address goes to a host of the list whatever stands in the slots behind it.
    fn check_url(&self) -> Result<(), String> {
        let Some(rest) = self.url.start().strip_prefix("https://") else {
            return Err("the address of verify must begin with `https://`".to_owned());
        };
        // With the host written out it must be one of the list. Else what fills it is checked each time.
        if rest.contains('/') || self.url.slots().next().is_none() {
            let sample = self.url.expand(|_| Some("x".to_owned())).ok();
            let url = sample.and_then(|text| Url::parse(&text).ok()).ok_or("the address of verify is not valid")?;
            self.check(&url)?;
        } else if self.hosts.iter().all(|pattern| !pattern.is_wild()) {
            return Err("a host that is not written out needs a pattern such as `*.example.com` in `hosts`".to_owned());
        }
        Ok(())
    }

    /// Checks that an address is one that may be asked: over TLS, on the usual port, and on a host of the list.
    ///
    /// # Errors
    /// It is not, in a sentence that does not repeat it.
    pub fn check(&self, url: &Url) -> Result<(), String> {
        let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
        match url.domain() {
            _ if url.scheme() != "https" || !is_plain => Err("the address is not plain https".to_owned()),
            Some(host) if self.lists(host) => Ok(()),
            _ => Err("the address is on no host that the rule lists".to_owned()),
        }
    }
}

/// The templates of a JSON value.
fn of_json(value: &serde_json::Value, all: &mut Vec<Template>) -> Result<(), String> {
    use serde_json::Value;
    match value {
        Value::String(text) => all.push(text.parse()?),
        Value::Array(values) => values.iter().try_for_each(|value| of_json(value, all))?,
        Value::Object(map) => map.values().try_for_each(|value| of_json(value, all))?,
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Verify, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    const REST: &str = "live = { status = 200 }\ndead = { status = [401, 403] }\n";

    #[test]
    fn a_table_says_what_is_sent_where() {
        let text = format!(
            "hosts = [\"api.acme.test\"]\nget = \"https://api.acme.test/me\"\n\
             headers = {{ Authorization = \"Bearer {{secret}}\" }}\n{REST}info = {{ user = \"login\" }}\n"
        );
        let verify = read(&text).unwrap();
        assert!(!verify.is_post && verify.lists("api.acme.test") && !verify.lists("evil.test"));
        assert_eq!(verify.info.keys().collect::<Vec<_>>(), ["user"]);
    }

    #[test]
    fn mistakes_are_errors() {
        let acme = "hosts = [\"api.acme.test\"]\n";
        for (text, said) in [
            (format!("{acme}{REST}"), "one of `get` and `post`"),
            (format!("hosts = []\nget = \"https://api.acme.test/{{secret}}\"\n{REST}"), "no `hosts`"),
            (format!("{acme}get = \"http://api.acme.test/{{secret}}\"\n{REST}"), "begin with `https://`"),
            (format!("{acme}get = \"https://evil.test/{{secret}}\"\n{REST}"), "no host that the rule lists"),
            (format!("{acme}get = \"https://api.acme.test@evil.test/{{secret}}\"\n{REST}"), "not plain https"),
            (format!("{acme}get = \"https://api.acme.test:8443/{{secret}}\"\n{REST}"), "not plain https"),
            (format!("{acme}get = \"https://{{secret}}.acme.test\"\n{REST}"), "such as `*.example.com`"),
            (format!("{acme}get = \"https://api.acme.test/\"\n{REST}"), "sends the secret nowhere"),
            (format!("{acme}get = \"https://api.acme.test/{{user}}\"\n{REST}"), "`{user}` is neither"),
            (format!("{acme}get = \"https://api.acme.test/{{secret}}\"\nform = {{ a = \"b\" }}\n{REST}"), "has a body"),
            (
                format!("{acme}get = \"https://api.acme.test/{{secret}}\"\nheaders = {{ Host = \"x\" }}\n{REST}"),
                "`Host`",
            ),
            (format!("{acme}get = \"https://api.acme.test/{{secret}}\"\nfollow = true\n{REST}"), "unknown field"),
            (
                format!("{acme}get = \"https://api.acme.test/{{secret}}\"\nlive = {{}}\ndead = {{ status = 401 }}\n"),
                "says",
            ),
            (format!("{acme}post = \"https://api.acme.test/\"\njson = {{ a = [\"{{oops\"] }}\n{REST}"), "`{oops`"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(said), "{text}\n{error}");
        }
    }

    #[test]
    fn an_address_is_checked_once_it_is_known() {
        let text = format!(
            "hosts = [\"*.api.acme.test\"]\nparts = '-(?P<dc>us[0-9]+)$'\n\
             get = \"https://{{dc}}.api.acme.test/ping\"\nheaders = {{ Authorization = \"{{secret}}\" }}\n{REST}"
        );
        let verify = read(&text).unwrap();
        for (address, fine) in [
            ("https://us1.api.acme.test/ping", true),
            ("https://us1.api.acme.test:443/ping", true),
            ("https://us1.api.acme.test:444/ping", false),
            ("https://us1.api.acme.test.evil.test/ping", false),
            ("https://evil.test/.api.acme.test/ping", false),
            ("https://x@us1.api.acme.test/ping", false),
            ("http://us1.api.acme.test/ping", false),
            ("https://127.0.0.1/ping", false),
            ("https://[::1]/ping", false),
        ] {
            assert_eq!(verify.check(&Url::parse(address).unwrap()).is_ok(), fine, "{address}");
        }
    }
}
