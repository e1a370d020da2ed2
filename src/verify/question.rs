//! Defines [`Question`]: a credential that its provider can be asked about.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::aws4;
use crate::finding::{Finding, Secret};
use crate::net::Inquiry;
use crate::rule::secret::SecretRule;
use crate::rule::verify::{Body, Sign, Slot, Template, Verify};
use crate::text;

/// What stands as it is in an address and in a form: RFC 3986's unreserved characters, and the colon, which parts of
/// paths may have.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// A credential that its provider can be asked about.
#[derive(Clone)]
pub(super) struct Question {
    rule: Arc<SecretRule>,
    secret: Secret,
    /// The credentials that belong to it, by the id of their rule without `secret/`.
    companions: BTreeMap<String, Secret>,
}

impl Question {
    /// The question about a finding; `None` when its credential is not known, or no rule that found it says how to ask.
    pub(super) fn of(finding: &Finding, rules: &HashMap<&str, &Arc<SecretRule>>) -> Option<Self> {
        let secret = finding.secret.as_ref().filter(|secret| secret.told_fingerprint().is_none())?;
        let own = finding.sources.iter().filter(|source| source.is_own()).map(|source| source.rule.as_str());
        let rule = own.filter_map(|id| rules.get(id)).find(|rule| rule.details().verify.is_some())?;
        Some(Self { rule: Arc::clone(rule), secret: secret.clone(), companions: finding.companions.clone() })
    }

    /// How the rule asks.
    pub(super) fn verify(&self) -> Option<&Verify> {
        self.rule.details().verify.as_ref()
    }

    /// Who is asked, for people.
    pub(super) fn provider(&self) -> &str {
        if self.rule.provider.is_empty() { "the provider" } else { &self.rule.provider }
    }

    /// What the answer is remembered by: a digest of the rule's way to ask and of the digests of what is asked about.
    pub(super) fn key(&self) -> String {
        let mut hash = Sha256::new();
        for part in ["scanall verify v1", &self.rule.rule.id, &format!("{:?}", self.verify())] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(self.secret.digest());
        let needed = self.verify().map(Verify::needs).unwrap_or_default();
        for secret in needed.iter().filter_map(|rule| self.companions.get(rule)) {
            hash.update(secret.digest());
        }
        text::hex(&hash.finalize())
    }

    /// Whether a text has a part of the credential, or of one that is sent with it: eight characters in a row, or all of
    /// a shorter one.
    pub(super) fn is_in(&self, text: &str) -> bool {
        const TELLING: usize = 8;
        let text = text.as_bytes();
        let has = |part: &[u8]| !part.is_empty() && memchr::memmem::find(text, part).is_some();
        std::iter::once(&self.secret)
            .chain(self.companions.values())
            .map(Secret::expose)
            .any(|secret| if secret.len() <= TELLING { has(secret) } else { secret.windows(TELLING).any(has) })
    }

    /// The request that asks.
    ///
    /// # Errors
    /// Why it cannot be asked, without the credential.
    pub(super) fn inquiry(&self, now: Timestamp) -> Result<Inquiry, String> {
        let verify = self.verify().ok_or("its rule says no way to ask")?;
        let secret = std::str::from_utf8(self.secret.expose()).map_err(|_| "it is no text")?;
        let parts = match &verify.parts {
            None => None,
            Some(regex) => Some(regex.captures(secret).ok_or("it has not the parts that the rule sends")?),
        };
        let fill = |slot: &Slot| match slot {
            Slot::Secret => Some(secret.to_owned()),
            Slot::Part(name) => parts.as_ref()?.name(name).map(|part| part.as_str().to_owned()),
            Slot::Need(rule) => {
                self.companions.get(rule).and_then(|secret| String::from_utf8(secret.expose().to_vec()).ok())
            }
        };
        let expand = |template: &Template| template.expand(fill).map_err(missing);
        let coded = |slot: &Slot| fill(slot).map(|text| utf8_percent_encode(&text, PLAIN).to_string());
        let coded = |template: &Template| template.expand(coded).map_err(missing);

        let url = Url::parse(&coded(&verify.url)?).map_err(|_| "it makes no address")?;
        verify.check(&url)?;
        let mut inquiry = Inquiry::new(verify.is_post, url);
        inquiry.header("accept", "application/json")?;
        for (name, template) in &verify.headers {
            inquiry.header(name, &expand(template)?)?;
        }
        if let Some((user, password)) = &verify.basic {
            use base64::Engine as _;
            let pair = format!("{}:{}", expand(user)?, expand(password)?);
            let coded = base64::engine::general_purpose::STANDARD.encode(pair);
            inquiry.header("authorization", &format!("Basic {coded}"))?;
        }
        match &verify.body {
            Body::None => {}
            Body::Form(pairs) => {
                let pair = |(name, value): (&String, &Template)| {
                    Ok(format!("{}={}", utf8_percent_encode(name, PLAIN), coded(value)?))
                };
                let pairs = pairs.iter().map(pair).collect::<Result<Vec<_>, String>>()?;
                inquiry.header("content-type", "application/x-www-form-urlencoded")?;
                inquiry.set_body(pairs.join("&").into_bytes());
            }
            Body::Json(value) => {
                inquiry.header("content-type", "application/json")?;
                inquiry.set_body(filled(value, &expand)?.to_string().into_bytes());
            }
        }
        if let Some(Sign::Aws4(sign)) = &verify.sign {
            aws4::sign(&mut inquiry, sign, (&expand(&sign.id)?, &expand(&sign.key)?), now)?;
        }
        Ok(inquiry)
    }
}

fn missing(slot: Slot) -> String {
    match slot {
        Slot::Need(rule) => format!("there is no {rule} beside it"),
        Slot::Secret | Slot::Part(_) => "it has not the parts that the rule sends".to_owned(),
    }
}

/// A JSON value with the slots of its texts filled.
fn filled(value: &Value, expand: &impl Fn(&Template) -> Result<String, String>) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(expand(&text.parse()?)?),
        Value::Array(values) => values.iter().map(|value| filled(value, expand)).collect::<Result<_, _>>()?,
        Value::Object(map) => {
            map.iter().map(|(key, value)| Ok((key.clone(), filled(value, expand)?))).collect::<Result<_, String>>()?
        }
        other => other.clone(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::finding::{Kind, Location, RepoPath, Severity, Source};
    use crate::rule::pack;

    /// The question about a secret by a rule with this `[rule.verify]`, which has the companion `acme-id`.
    pub(in crate::verify) fn question(verify: &str, secret: &str, id: Option<&str>) -> Question {
        let source = format!(
            "[[rule]]\nid = \"acme-key\"\nregex = 'acme_[a-z]+'\nneeds = [{{ rule = \"acme-id\" }}]\n[rule.verify]\n{verify}\n\
             live = {{ status = 200, json = \"me\" }}\ndead = {{ status = 401 }}\ninfo = {{ login = \"me\", team = \"t\" }}\n"
        );
        let rules = pack::read(&source, "test").unwrap();
        let rule = &rules[0];
        let place = Location::here(RepoPath::new("a"), None);
        let mut finding = Finding::new(
            Arc::clone(&rule.rule),
            Kind::Secret,
            Severity::High,
            String::new(),
            place,
            Source::own(&rule.rule.id),
        );
        finding.secret = Some(Secret::new(secret.as_bytes()));
        finding.companions.extend(id.map(|id| ("acme-id".to_owned(), Secret::new(id.as_bytes()))));
        Question::of(&finding, &HashMap::from([(rule.rule.id.as_str(), rule)])).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn what_is_put_into_an_address_stays_one_part_of_it() {
        let verify = "hosts = [\"api.acme.test\"]\nget = \"https://api.acme.test/bot{secret}/me?k={secret}\"";
        let inquiry = question(verify, "a/../b?c#d@e&f:g h", None).inquiry(now()).unwrap();
        let coded = "a%2F..%2Fb%3Fc%23d%40e%26f:g%20h";
        assert_eq!(inquiry.url().as_str(), format!("https://api.acme.test/bot{coded}/me?k={coded}"));
    }

    #[test]
    fn a_host_that_is_not_listed_is_never_asked() {
        let verify = "hosts = [\"*.acme.test\"]\nparts = '^(?P<dc>[^-]+)-(?P<rest>.*)'\n\
                      get = \"https://{dc}.acme.test/me\"\nheaders = { X-Key = \"{rest}\" }";
        let host =
            |secret: &str| question(verify, secret, None).inquiry(now()).map(|inquiry| inquiry.host().to_owned());
        assert_eq!(host("us1-key").unwrap(), "us1.acme.test");
        for bad in
            ["evil.test/-key", "evil.test#-key", "evil.test:443/-key", "a@evil.test/?-key", "evil.test\\-key", "-key"]
        {
            assert!(host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn forms_json_and_basic_hold_what_they_are_given() {
        let verify = "hosts = [\"api.acme.test\"]\npost = \"https://api.acme.test/x\"\n";
        let form = format!("{verify}form = {{ \"a b\" = \"{{secret}}\", id = \"{{need:acme-id}}\" }}");
        let inquiry = question(&form, "x&y=\"1\"", Some("id 1")).inquiry(now()).unwrap();
        assert_eq!(inquiry.body(), b"a%20b=x%26y%3D%221%22&id=id%201");
        assert_eq!(question(&form, "x", None).inquiry(now()).err().unwrap(), "there is no acme-id beside it");
        let json = format!("{verify}json = {{ query = \"{{{{ me }}}}\", key = [\"{{secret}}\", 1, true] }}");
        let inquiry = question(&json, "x\"}, \"y", None).inquiry(now()).unwrap();
        let body: Value = serde_json::from_slice(inquiry.body()).unwrap();
        assert_eq!(body, serde_json::json!({ "query": "{ me }", "key": ["x\"}, \"y", 1, true] }));
    }

    #[test]
    fn what_cannot_be_sent_is_said_without_it() {
        let verify =
            "hosts = [\"api.acme.test\"]\nget = \"https://api.acme.test/me\"\nheaders = { X-Key = \"{secret}\" }";
        for secret in ["line\r\nHost: evil.test", "nul\0", "ü"] {
            let why = question(verify, secret, None).inquiry(now()).err().unwrap();
            assert_eq!(why, "it cannot stand in a header");
        }
    }

    #[test]
    fn the_key_depends_on_everything_that_is_asked() {
        let get = |path: &str| {
            format!(
                "hosts = [\"a.test\"]\nget = \"https://a.test/{path}\"\nheaders = {{ K = \"{{secret}} {{need:acme-id}}\" }}"
            )
        };
        let keys = [
            question(&get("x"), "a", Some("i")).key(),
            question(&get("y"), "a", Some("i")).key(),
            question(&get("x"), "b", Some("i")).key(),
            question(&get("x"), "a", Some("j")).key(),
            question(&get("x"), "a", None).key(),
        ];
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), keys.len());
        assert_eq!(keys[0], question(&get("x"), "a", Some("i")).key());
    }

    /// A question about each example of each rule of the binary that says how to ask.
    #[test]
    fn every_built_in_rule_can_ask_about_its_examples() {
        use crate::scanner::secrets::template::{expand, marked};
        let rules = pack::embedded();
        let mut providers = std::collections::BTreeSet::new();
        for rule in rules.iter().filter(|rule| rule.details().verify.is_some()) {
            let id = &rule.rule.id;
            let verify = rule.details().verify.as_ref().unwrap();
            let mut asked = 0;
            for (number, example) in rule.examples.iter().enumerate() {
                let (_, secret) = marked(&expand(example, &format!("{id} {number}")).unwrap()).unwrap();
                let companions = verify.needs().into_iter().map(|need| (need, Secret::new(b"companion"))).collect();
                let question = Question { rule: Arc::clone(rule), secret: Secret::new(secret.as_bytes()), companions };
                // Of some kinds of a credential only one can be asked about; never is another host asked.
                if let Ok(inquiry) = question.inquiry(now()) {
                    assert!(verify.lists(inquiry.host()), "{id}");
                    asked += 1;
                }
                assert!(rules.iter().any(|other| verify.needs().iter().all(|need| other.rule.id.ends_with(need))));
            }
            assert!(asked > 0, "{id} can ask about none of its examples");
            providers.insert(rule.provider.clone());
        }
        assert!(providers.len() >= 40, "{} providers", providers.len());
    }
}
