//! Finds out which package a result is about, as far as producers say so in properties and in words.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::finding::Package;
use crate::ingest::package::package;

/// The sentences in which producers name a package: Trivy, Grype, OSV-Scanner, Snyk, cargo-audit.
static SENTENCES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"^Package: (?P<name>\S+)\s+Installed Version: (?P<version>\S*)\s+Vulnerability \S+\s+Severity: \S+\s+Fixed Version: ?(?P<fixed>[^\n]*)",
        r"in (?P<ecosystem>[\w-]+) package: (?P<name>\S+), version (?P<version>\S+) was found",
        r"^Package '(?P<name>.+?)@(?P<version>[^']+)' is vulnerable to",
        r"vulnerable (?P<ecosystem>[\w-]+) package (?P<name>\S+?)@?(?P<version>\d\S*)?(?:$|[\s.])",
        r"^(?P<name>[\w.-]+) (?P<version>\d[\w.+-]*) is vulnerable",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// The package that a result is about; `None` when nobody says.
pub(super) fn of(result: &Value, rule: Option<&Value>, message: &str) -> Option<Package> {
    let bags = [result.get("properties"), rule.and_then(|rule| rule.get("properties"))];
    let told = |keys: &[&str]| {
        let found = |bag: &Value| keys.iter().find_map(|key| first_text(bag.get(key)?));
        bags.iter().flatten().find_map(|bag| found(bag))
    };
    let purl = told(&["purl", "purls", "packageURL", "package_url"]).filter(|purl| purl.starts_with("pkg:"));
    let worded = SENTENCES.iter().find_map(|sentence| sentence.captures(message));
    let word = |name: &str| worded.as_ref().and_then(|words| words.name(name)).map_or("", |word| word.as_str());
    let name = told(&["packageName", "package_name", "PkgName"]).or_else(|| name_in(purl.as_deref()));
    let name = name.unwrap_or_else(|| word("name").to_owned());
    if name.is_empty() {
        return None;
    }
    let in_purl = purl.as_deref().and_then(|purl| purl.split(['?', '#']).next()?.rsplit_once('@'));
    let in_purl = in_purl.map(|(_, version)| version.to_owned()).filter(|version| !version.contains('/'));
    let version = told(&["packageVersion", "package_version", "installedVersion"]).or(in_purl);
    let version = version.unwrap_or_else(|| word("version").to_owned());
    let ecosystem = told(&["packageType", "ecosystem", "packageManager"]);
    let ecosystem = ecosystem.unwrap_or_else(|| word("ecosystem").to_owned());
    let mut found = package(purl.as_deref().unwrap_or_default(), &ecosystem, &name, &version);
    let fixed = told(&["fixedVersion", "fixed_version"]).unwrap_or_else(|| word("fixed").to_owned());
    found.fixed = fixed.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect();
    Some(found)
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Array(list) => list.first().and_then(first_text),
        _ => None,
    }
}

/// The last part of a purl's path.
fn name_in(purl: Option<&str>) -> Option<String> {
    let path = purl?.split(['?', '#']).next()?;
    let last = path.rsplit('/').next()?;
    Some(last.split('@').next().unwrap_or(last).to_owned()).filter(|name| !name.is_empty())
}
