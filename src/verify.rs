//! Live verification: asks the providers of credentials whether they still work, when `--verify` says so.
//!
//! ```text
//! open findings -> questions, one a credential -> remembered answers -> providers, host by host -> findings
//! ```
//!
//! A question goes where the rule says and nowhere else: see [`crate::rule::verify`] for what a rule can say, and
//! [`crate::net::inquiry`] for what is connected to. What somebody accepted is not asked about.

mod aws4;
mod judge;
mod memory;
mod question;
mod round;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::dedupe;
use crate::engine::LayerRun;
use crate::error::Error;
use crate::finding::assessment;
use crate::finding::verified::Status;
use crate::finding::{Confidence, Finding, Severity, Verified};
use crate::rule::secret::SecretRule;
use crate::scanner::Context;
use crate::text;
use memory::Memory;
use question::Question;
use round::Asked;

/// The layer that a verification tells of itself through.
const LAYER: &str = "secrets";
/// A credential that its provider refuses is at most so bad: what it opened is closed. It is not nothing, since another
/// installation of the provider's software may take it.
const DEAD: Severity = Severity::Low;

/// Asks about the credentials of findings, if the run is to, and tells the secrets layer's notes what came of it.
///
/// # Errors
/// The rules cannot be had, or the way to the network is not valid. A provider that gives no answer is no error.
pub fn verify(findings: Vec<Finding>, context: &Context, layers: &mut [LayerRun]) -> Result<Vec<Finding>, Error> {
    let Some(way) = &context.options.verify else { return Ok(findings) };
    let matcher = context.matcher()?;
    let rules: HashMap<&str, &Arc<SecretRule>> =
        matcher.rules().iter().map(|rule| (rule.rule.id.as_str(), rule)).collect();
    let mut questions: BTreeMap<String, Question> = BTreeMap::new();
    let mut keys = Vec::with_capacity(findings.len());
    for finding in &findings {
        let question = Question::of(finding, &rules);
        keys.push(question.as_ref().map(Question::key));
        questions.extend(question.map(|question| (question.key(), question)));
    }

    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let folder = context.options.cache_dir.as_deref().filter(|_| !context.options.no_cache);
    let mut memory = Memory::load(folder, now);
    let mut answers: HashMap<String, Verified> = HashMap::new();
    answers.extend(questions.keys().filter_map(|key| Some((key.clone(), memory.recall(key)?))));
    let open = questions.iter().filter(|(key, _)| !answers.contains_key(*key));
    let open: Vec<(String, Question)> = open.map(|(key, question)| (key.clone(), question.clone())).collect();
    let Asked { answers: new, hosts } = round::ask(open, way, context, now)?;
    new.iter().for_each(|(key, answer)| memory.keep(key, answer));
    memory.store();
    let remembered = answers.len();
    answers.extend(new);

    if let Some(layer) = layers.iter_mut().find(|layer| layer.id == LAYER) {
        layer.notes.extend(note(&answers, remembered, &hosts));
        layer.notes.extend(silent(&context.user_rules));
    }
    let told = findings.into_iter().zip(keys).map(|(finding, key)| {
        match key.and_then(|key| Some((answers.get(&key)?, questions.get(&key)?))) {
            Some((answer, question)) => tell(finding, answer, question),
            None => finding,
        }
    });
    // Severities have changed, by which findings are sorted.
    Ok(dedupe::sort(told.collect()))
}

/// What is known of a credential, on its finding.
fn tell(mut finding: Finding, answer: &Verified, question: &Question) -> Finding {
    let provider = text::printable(question.provider());
    match answer.status {
        Status::Live => {
            finding.confidence = Confidence::High;
            let assessment = finding.assessment.get_or_insert_default();
            assessment.add(assessment::HIGH, format!("{provider} takes it"));
            finding.message.push_str(&format!("; live: {provider} takes it{}", answer.owner()));
        }
        Status::Dead => {
            finding.severity = finding.severity.min(DEAD);
            finding.message.push_str(&format!("; dead: {provider} refuses it"));
        }
        Status::Unknown => {}
    }
    finding.verified = Some(answer.clone());
    finding
}

/// What came of it: `asked 3 providers about 5 secrets: 1 live, 3 dead, 1 unknown`. `None` when there was nothing to ask.
fn note(answers: &HashMap<String, Verified>, remembered: usize, hosts: &BTreeSet<String>) -> Option<String> {
    if answers.is_empty() {
        return Some("no secret to verify".to_owned());
    }
    let count = |status: Status| answers.values().filter(|answer| answer.status == status).count();
    let counts = Status::ALL.map(|status| format!("{} {}", count(status), status.id())).join(", ");
    let known = if remembered == 0 { String::new() } else { format!(", {remembered} from the cache") };
    let hosts = text::count(hosts.len(), "provider");
    Some(format!("asked {hosts} about {}: {counts}{known}", text::count(answers.len(), "secret")))
}

/// Tells that rules of what is scanned ask nobody; `None` without such.
fn silent(rules: &[Arc<SecretRule>]) -> Option<String> {
    let count = rules.iter().filter(|rule| rule.details().is_silenced).count();
    let what = text::count(count, "rule");
    let why = "of the scanned folder verified nothing: only rules from outside of it may say where secrets are sent";
    (count > 0).then(|| format!("{what} {why}"))
}
