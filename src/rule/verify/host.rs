//! Defines [`HostPattern`]: which hosts a rule may ask.

use serde::Deserialize;

/// A host, or every host below one: `api.github.com`, `*.api.mailchimp.com`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct HostPattern {
    /// The name without `*.`, in lower case.
    name: String,
    is_wild: bool,
}

impl TryFrom<String> for HostPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, is_wild) = text.strip_prefix("*.").map_or((text.as_str(), false), |rest| (rest, true));
        let labels: Vec<&str> = name.split('.').collect();
        // A last label that begins with a digit would make an address of numbers, which is no name.
        let is_name = labels.len() >= 2
            && name.len() <= 253
            && labels.iter().all(|label| is_label(label))
            && labels.last().is_some_and(|label| label.starts_with(|c: char| c.is_ascii_lowercase()));
        match is_name {
            true => Ok(Self { name: name.to_owned(), is_wild }),
            false => Err(format!("`{text}` is no host: write `api.example.com` or `*.example.com`, in lower case")),
        }
    }
}

impl HostPattern {
    /// Whether a host is meant, in any case. A pattern `*.x` is about what is below `x`, not about `x` itself.
    pub fn fits(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        if !self.is_wild {
            return host == self.name;
        }
        let below = host.strip_suffix(&self.name).and_then(|rest| rest.strip_suffix('.'));
        below.is_some_and(|below| below.split('.').all(is_label))
    }

    /// Whether it is about every host below one.
    pub fn is_wild(&self) -> bool {
        self.is_wild
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.is_wild { "*." } else { "" }, self.name)
    }
}

/// A label of a host name, RFC 1123: letters, digits and inner hyphens, at most 63.
fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> Result<HostPattern, String> {
        HostPattern::try_from(text.to_owned())
    }

    #[test]
    fn only_names_of_hosts_are_patterns() {
        for bad in [
            "",
            "*",
            "*.",
            "*.com",
            "localhost",
            "127.0.0.1",
            "10.1",
            "a.*.com",
            "API.x.com",
            "-a.com",
            "a..com",
            "x.1a",
            "[::1]",
            "a.com:443",
            "a.com/",
            "a@b.com",
            "a.com.",
        ] {
            assert!(pattern(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        /// An exact pattern is about one host; what stands before or behind it makes another host.
        #[test]
        fn an_exact_pattern_fits_itself_alone(a in "[a-z][a-z0-9]{0,9}", b in "[a-z][a-z0-9]{0,9}", x in "[a-z0-9]{1,9}") {
            let host = format!("{a}.{b}");
            let made = pattern(&host).unwrap();
            prop_assert!(made.fits(&host) && made.fits(&host.to_uppercase()));
            for other in [format!("{x}.{host}"), format!("{x}{host}"), format!("{host}.{x}"), format!("{host}{x}")] {
                prop_assert!(!made.fits(&other), "{other}");
            }
        }

        /// A wild pattern is about what is below its name, and needs the dot.
        #[test]
        fn a_wild_pattern_fits_what_is_below(a in "[a-z][a-z0-9]{0,9}", b in "[a-z][a-z0-9]{0,9}", x in "[a-z0-9]{1,9}") {
            let name = format!("{a}.{b}");
            let made = pattern(&format!("*.{name}")).unwrap();
            let below = format!("{x}.{name}");
            prop_assert!(made.fits(&below));
            for other in [name.clone(), format!("{x}{name}"), format!(".{name}"), format!("{x}.{name}.{x}"),
                          format!("{x}/.{name}"), format!("{x}@.{name}"), format!("{x}-.{name}")] {
                prop_assert!(!made.fits(&other), "{other}");
            }
        }
    }
}
