//! Makes a finding of a result.

use serde_json::Value;

use super::{Run, message, package, place};
use crate::finding::{Confidence, Finding, Kind, Location, Rating, Severity};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak, Licensed, Vulnerable};
use crate::ingest::out::Out;
use crate::text;

/// Whether somebody accepted the result, or the tool did by a comment in the code.
pub(super) fn is_suppressed(result: &Value) -> bool {
    let counts = |one: &Value| !matches!(one.get("status").and_then(Value::as_str), Some("rejected" | "underReview"));
    result.get("suppressions").and_then(Value::as_array).is_some_and(|list| list.iter().any(counts))
}

/// The finding; `None` when the result says that all is well, or tells of what is gone.
pub(super) fn finding(result: &Value, run: &mut Run, out: &mut Out) -> Option<Finding> {
    let word = |key: &str| result.get(key).and_then(Value::as_str).unwrap_or_default();
    if matches!(word("kind"), "pass" | "notApplicable") || word("baselineState") == "absent" {
        return None;
    }
    let mut places = place::all(result, run, out);
    let (id, rule) = run.rules.find(result);
    let told = Told { result, rule, id: &id };
    let said = message::text(result.get("message"), rule.and_then(|rule| rule.get("messageStrings")));
    let kind = kind(&told, run);
    let severity = severity(&told, run);
    let location = if places.is_empty() { Location::here(out.path(""), None) } else { places.remove(0) };
    let mut finding = match kind {
        Kind::Secret => leak(&told, severity, location, out),
        Kind::Advisory => advisory(&told, &said, severity, location, out),
        Kind::License => Licensed {
            license: id.rsplit(':').next().unwrap_or(&id),
            why: "",
            package: package::of(result, rule, &said),
            severity,
            location,
        }
        .finding(out),
        Kind::Code | Kind::Config => {
            let help = told.help();
            let region = result.pointer("/locations/0/physicalLocation/region/snippet/text").and_then(Value::as_str);
            Check {
                kind,
                id: if id.is_empty() { "unnamed" } else { run.producer.stable(&id) },
                title: &told.title(),
                message: &said,
                description: &told.description(),
                help: &help,
                url: told.text(&["helpUri"]),
                cwe: told.weaknesses(),
                severity,
                confidence: told.confidence(),
                location,
                excerpt: region,
                resource: "",
            }
            .finding_of(out, &run.producer.tool, run.producer.map)
        }
    };
    for source in &mut finding.sources {
        run.producer.tool.clone_into(&mut source.tool);
        source.rule = text::printable(&id);
    }
    finding.related.extend(places.into_iter().filter(|place| *place != finding.location));
    finding.related.sort();
    finding.related.dedup();
    Some(finding)
}

/// A result and its rule.
struct Told<'a> {
    result: &'a Value,
    rule: Option<&'a Value>,
    id: &'a str,
}

impl Told<'_> {
    /// A text of the rule, by the first key that has one.
    fn text(&self, keys: &[&str]) -> &str {
        let rule = self.rule.unwrap_or(&Value::Null);
        keys.iter().find_map(|key| rule.get(key)?.as_str()).unwrap_or_default()
    }

    fn message_of(&self, key: &str) -> String {
        message::text(self.rule.and_then(|rule| rule.get(key)), None)
    }

    /// The first that says more than the id.
    fn title(&self) -> String {
        let short = self.message_of("shortDescription");
        let name = self.text(&["name"]);
        let is_title = |title: &&str| !title.trim().is_empty() && *title != self.id && title.contains(' ');
        [short.as_str(), name].into_iter().find(is_title).unwrap_or_default().to_owned()
    }

    fn description(&self) -> String {
        let full = self.message_of("fullDescription");
        if full.trim().is_empty() { self.message_of("shortDescription") } else { full }
    }

    /// What the rule says to do, unless that is no more than what it says it is.
    fn help(&self) -> String {
        let help = self.message_of("help");
        if help.trim() == self.description().trim() { String::new() } else { help }
    }

    /// What result and rule say under a key of their property bags, the result first.
    fn property(&self, key: &str) -> Option<&Value> {
        let of = |value: Option<&'_ Value>| value.and_then(|value| value.get("properties")?.get(key)).is_some();
        let bag = if of(Some(self.result)) { Some(self.result) } else { self.rule };
        bag?.get("properties")?.get(key)
    }

    fn tags(&self) -> Vec<&str> {
        let of = |value: &'_ Value| value.pointer("/properties/tags").and_then(Value::as_array).is_some();
        let bags = [Some(self.result), self.rule].into_iter().flatten().filter(|value| of(value));
        let lists = bags.filter_map(|value| value.pointer("/properties/tags")?.as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    fn weaknesses(&self) -> Vec<u32> {
        let mut texts: Vec<String> = self
            .tags()
            .iter()
            .filter(|tag| tag.to_ascii_lowercase().contains("cwe"))
            .map(|t| (*t).to_owned())
            .collect();
        for key in ["cwe", "cwes", "CWE", "cwe_ids", "cweIds"] {
            match self.property(key) {
                Some(Value::Array(list)) => texts.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
                Some(Value::String(text)) => texts.push(text.clone()),
                Some(Value::Number(number)) => texts.push(number.to_string()),
                _ => {}
            }
        }
        let is_cwe = |name: Option<&Value>| name.and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case("cwe"));
        let relationships = self.rule.and_then(|rule| rule.get("relationships")?.as_array()).into_iter().flatten();
        let targets = relationships.filter_map(|relationship| relationship.get("target"));
        let taxa = self.result.get("taxa").and_then(Value::as_array).into_iter().flatten();
        let all = targets.chain(taxa).filter(|one| is_cwe(one.pointer("/toolComponent/name")));
        texts.extend(all.filter_map(|one| one.get("id")?.as_str()).map(str::to_owned));
        lenient::weaknesses(texts)
    }

    fn confidence(&self) -> Confidence {
        let word = ["precision", "confidence", "issue_confidence"].iter().find_map(|key| self.property(key)?.as_str());
        let tagged = || self.tags().into_iter().find_map(|tag| tag.strip_suffix(" CONFIDENCE"));
        match word.or_else(tagged).unwrap_or_default().to_ascii_lowercase().as_str() {
            "very-high" | "high" | "certain" => Confidence::High,
            "low" => Confidence::Low,
            _ => Confidence::Medium,
        }
    }
}

/// What a result is about: what its tags say, what its rule is called, what its producer looks for.
fn kind(told: &Told<'_>, run: &Run) -> Kind {
    let tags: Vec<String> = told.tags().iter().map(|tag| tag.to_ascii_lowercase()).collect();
    let tagged = |words: &[&str]| tags.iter().any(|tag| words.contains(&tag.as_str()));
    let id = told.id.to_ascii_uppercase();
    let is_advisory = ["CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-20", "OSV-", "MAL-", "SNYK-"];
    match run.producer.kind {
        // A producer that looks for one thing finds that, whatever its tags say.
        Some(kind) if kind != Kind::Code => kind,
        _ if is_advisory.iter().any(|begin| id.starts_with(begin)) => Kind::Advisory,
        _ if tagged(&["secret", "secrets", "hardcoded-secret"]) || id.starts_with("CKV_SECRET") => Kind::Secret,
        _ if tagged(&["license", "licenses"]) => Kind::License,
        _ if tagged(&["vulnerability", "sca", "dependency"]) && run.producer.kind.is_none() => Kind::Advisory,
        _ if tagged(&["misconfiguration", "iac", "infrastructure-as-code"]) => Kind::Config,
        Some(kind) => kind,
        None if id.starts_with("CKV") || id.starts_with("AVD-") || id.starts_with("KSV") => Kind::Config,
        None => Kind::Code,
    }
}

/// The keys under which producers put a word for the severity.
const WORDS: [&str; 6] = ["security-severity", "severity", "issue_severity", "problem.severity", "impact", "Severity"];

/// How severe a result is, and who says so: a word of its own, a score, its level, a word of its rule, the rule's level.
fn severity(told: &Told<'_>, run: &Run) -> (Severity, Rating) {
    let tool = run.producer.tool.as_str();
    let word = |bag: Option<&Value>| {
        let words = WORDS.iter().filter_map(|key| bag?.get("properties")?.get(key)?.as_str());
        words.map(|word| run.producer.map.severity(word)).find(|(_, rating)| rating.is_substantiated())
    };
    let score = told.property("security-severity").and_then(number).filter(|score| *score > 0.0 && *score <= 10.0);
    let of_level = |level: &str| match level {
        "error" => Severity::High,
        "note" => Severity::Low,
        "none" => Severity::Info,
        _ => Severity::Medium,
    };
    let own = told.result.get("level").and_then(Value::as_str).map(of_level);
    let configured = told.rule.and_then(|rule| rule.pointer("/defaultConfiguration/level")).and_then(Value::as_str);
    let configured = run.rules.overridden(told.id).or(configured).map(of_level);
    if let Some((severity, _)) = word(Some(told.result)) {
        return (severity, Rating::stated(tool));
    }
    match (score, own.or_else(|| word(told.rule).map(|(severity, _)| severity)).or(configured)) {
        (Some(score), _) => (Severity::from_cvss(score), Rating::scored(format!("{tool}, {score:.1}"))),
        (None, Some(severity)) => (severity, Rating::stated(tool)),
        (None, None) => (Severity::Medium, Rating::assumed(tool)),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number: &f64| number.is_finite())
}

/// A credential. Producers put the line, or the credential itself, into the snippet, the message and the description of
/// the rule: none of these is shown.
fn leak(told: &Told<'_>, severity: (Severity, Rating), location: Location, out: &mut Out) -> Finding {
    let snippet = told.result.pointer("/locations/0/physicalLocation/region/snippet/text").and_then(Value::as_str);
    let commit = ["commitSha", "commit", "commitId"]
        .iter()
        .find_map(|key| told.result.get("partialFingerprints")?.get(key).or_else(|| told.property(key))?.as_str());
    let value = snippet.unwrap_or_default();
    let is_value = !value.trim().is_empty() && !value.trim().contains(char::is_whitespace) && value.len() <= 4096;
    let title = told.title();
    // A rule's own words are of nothing that was found, unless the producer makes a rule for each result.
    let safe = !title.is_empty() && (value.is_empty() || !title.contains(value.trim()));
    Leak {
        id: if told.id.is_empty() { "secret" } else { told.id },
        title: if safe { &title } else { "" },
        description: "",
        severity,
        confidence: told.confidence(),
        location,
        value: if is_value { value } else { "" },
        commit: (commit.unwrap_or_default(), ""),
    }
    .finding(out)
}

fn advisory(told: &Told<'_>, said: &str, severity: (Severity, Rating), location: Location, out: &mut Out) -> Finding {
    let package = package::of(told.result, told.rule, said);
    let mut aliases: Vec<String> = told
        .tags()
        .into_iter()
        .filter(|tag| ["CVE-", "GHSA-"].iter().any(|begin| tag.starts_with(begin)))
        .map(str::to_owned)
        .collect();
    for key in ["aliases", "cve", "cves"] {
        match told.property(key) {
            Some(Value::Array(list)) => aliases.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
            Some(Value::String(text)) => aliases.push(text.clone()),
            _ => {}
        }
    }
    let id = advisory_id(told.id);
    let (title, description) = (told.title(), told.description());
    let is_known = package.is_some();
    let vulnerable = Vulnerable {
        id,
        aliases,
        title: if title.is_empty() { said } else { &title },
        description: &description,
        url: told.text(&["helpUri"]),
        cwe: told.weaknesses(),
        package: package.unwrap_or_else(|| crate::finding::Package::new("generic", "", "")),
        severity,
        location,
    };
    let mut finding = vulnerable.finding(out);
    if !is_known {
        // Nobody says which package it is: the message of the tool may.
        finding.package = None;
        finding.remedy = None;
        finding.message = text::paragraph(said).unwrap_or_else(|| finding.rule.title.clone());
    }
    finding
}

/// The advisory in a rule id: Grype adds the package to it.
fn advisory_id(id: &str) -> &str {
    let upper = id.to_ascii_uppercase();
    if upper.starts_with("CVE-") {
        let end = id.match_indices('-').nth(2).map_or(id.len(), |(at, _)| at);
        return &id[..end];
    }
    if upper.starts_with("GHSA-") {
        let end = id.match_indices('-').nth(4).map_or(id.len(), |(at, _)| at);
        return &id[..end];
    }
    id
}
