//! The rules of the licenses layer: what outputs say of each.

use crate::license::id;
use crate::rule::Rule;

/// The id of the rule about packages that declare no license.
pub const UNDECLARED: &str = "license/undeclared";
/// The id of the rule about packages whose files hold another license than they declare.
pub const MISMATCH: &str = "license/mismatch";

/// What outputs say of a license that is not allowed.
pub fn refused_rule(license: &str) -> Rule {
    Rule {
        id: format!("license/{}", slug(license)),
        title: format!("License {license} is not allowed"),
        description: format!("A dependency is under {license}, which the license policy does not allow."),
        help: "Replace the dependency, choose another of its licenses, or allow the license under `[licenses]` in \
               `.scanall.toml` once somebody has read its terms."
            .to_owned(),
        url: page(license),
        cwe: Vec::new(),
    }
}

/// What outputs say of a license that somebody has to look at.
pub fn review_rule(license: &str) -> Rule {
    Rule {
        id: format!("license/review/{}", slug(license)),
        title: format!("License {license} needs a review"),
        description: format!("A dependency is under {license}, which the license policy neither allows nor denies."),
        help:
            "Read its terms, and put the license on a list under `[licenses]` in `.scanall.toml`, or the package under \
               `[[licenses.exceptions]]`."
                .to_owned(),
        url: page(license),
        cwe: Vec::new(),
    }
}

/// What outputs say of a package that declares no license.
pub fn undeclared_rule() -> Rule {
    Rule {
        id: UNDECLARED.to_owned(),
        title: "Dependency without a declared license".to_owned(),
        description: "A dependency declares no license that can be read as an SPDX expression, so nothing is known of \
                      what it allows."
            .to_owned(),
        help: "Read its license file, and say under `[[licenses.clarify]]` in `.scanall.toml` what its license is, or \
               accept it with an `[[ignore]]` that names the package."
            .to_owned(),
        url: None,
        cwe: Vec::new(),
    }
}

/// What outputs say of a package whose files hold another license than it declares.
pub fn mismatch_rule() -> Rule {
    Rule {
        id: MISMATCH.to_owned(),
        title: "License files hold another license than is declared".to_owned(),
        description: "The manifest of a dependency declares one license, and its license files hold the text of another, \
                      so that one of both is wrong."
            .to_owned(),
        help: "Ask its authors which one is meant, and say under `[[licenses.clarify]]` in `.scanall.toml` what its license \
               is, with the hash of the file as evidence."
            .to_owned(),
        url: None,
        cwe: Vec::new(),
    }
}

fn slug(license: &str) -> String {
    license.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// The page of a license of SPDX' list.
fn page(license: &str) -> Option<String> {
    id::license(license).map(|id| format!("https://spdx.org/licenses/{id}.html"))
}
