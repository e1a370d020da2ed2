//! Defines [`Finding`]: one violation of a rule at one place.

use crate::baseline::Baseline;
use crate::edit::Edit;
use crate::fingerprint::{self, LineHash};
use crate::level::Level;
use crate::location::Location;
use crate::rule::Rule;
use crate::suppression::Suppression;
use crate::{Properties, limits, text};
use serde_json::Value;
use serde_sarif::sarif::{self, PropertyBag};
use std::collections::{BTreeMap, BTreeSet};

/// One violation of a rule at one place; GitHub makes an alert of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The id of a rule of the same run.
    pub rule: String,
    /// How loud it is.
    pub level: Level,
    /// What is wrong, in full sentences, the first of which is the title. A missing full stop is added; an empty
    /// message becomes the title of the rule. `[words](2)` links to the second related location.
    pub message: String,
    /// Where it is. Never optional: one result without a place makes GitHub refuse the whole file.
    pub location: Location,
    /// Other places that matter, which messages link to by their number from 1. Beyond
    /// [`limits::KEPT_LOCATIONS`] they are left out, and the property `omittedLocations` says how many.
    pub related: Vec<Location>,
    /// What identifies the finding across commits, by name; see [`fingerprint::PRIMARY`] for the one GitHub reads.
    pub partial_fingerprints: BTreeMap<String, String>,
    /// Whether an earlier scan had it; `None` when it was compared with none. GitHub does not read it.
    pub baseline: Option<Baseline>,
    /// Who accepted it; empty for nobody.
    pub suppressions: Vec<Suppression>,
    /// How much it matters, from 0 to 100; `None` where nobody says. GitHub does not read it.
    pub rank: Option<u8>,
    /// A change that mends it; `None` where nobody knows one.
    pub edit: Option<Edit>,
    /// More about it, for other readers than GitHub. A `tags` that is no list of strings is left out, since SARIF
    /// reserves the name.
    pub properties: Properties,
}

impl Finding {
    /// A finding with only what every finding has.
    pub fn new(rule: impl Into<String>, level: Level, message: impl Into<String>, location: Location) -> Self {
        Self {
            rule: rule.into(),
            level,
            message: message.into(),
            location,
            related: Vec::new(),
            partial_fingerprints: BTreeMap::new(),
            baseline: None,
            suppressions: Vec::new(),
            rank: None,
            edit: None,
            properties: Properties::new(),
        }
    }

    /// The same finding, identified by the hash of its line.
    #[must_use]
    pub fn with_line_hash(mut self, hash: LineHash) -> Self {
        self.partial_fingerprints.insert(fingerprint::PRIMARY.to_owned(), hash.to_string());
        self
    }

    /// The wire form, given the finding's rule and where it stands in the run, without its suppressions.
    pub(crate) fn to_wire(&self, rule: &Rule, rule_index: usize) -> sarif::Result {
        let message = Some(text::sentence(&self.message)).filter(|message| !message.is_empty());
        let mut wire = sarif::Result::builder()
            .rule_id(&self.rule)
            .rule_index(i64::try_from(rule_index).unwrap_or(i64::MAX))
            .level(self.level.to_wire())
            .message(&message.unwrap_or_else(|| text::sentence(&rule.title())))
            .locations(vec![self.location.to_wire(None)])
            .build();
        let related = self.related.iter().take(limits::KEPT_LOCATIONS);
        let related: Vec<_> = (1..).zip(related).map(|(id, location)| location.to_wire(Some(id))).collect();
        let omitted = self.related.len() - related.len();
        wire.related_locations = Some(related).filter(|related| !related.is_empty());
        let fingerprints =
            self.partial_fingerprints.iter().filter(|(name, value)| !name.is_empty() && !value.is_empty());
        let fingerprints: BTreeMap<_, _> = fingerprints.map(|(name, value)| (name.clone(), value.clone())).collect();
        wire.partial_fingerprints = Some(fingerprints).filter(|fingerprints| !fingerprints.is_empty());
        wire.baseline_state = self.baseline.map(|baseline| serde_json::json!(baseline.id()));
        wire.rank = self.rank.map(|rank| f64::from(rank.min(100)));
        wire.fixes = self.edit.as_ref().map(|edit| vec![edit.to_wire()]);
        let mut properties = self.properties.clone();
        if omitted > 0 {
            properties.insert("omittedLocations".to_owned(), omitted.into());
        }
        wire.properties = property_bag(properties);
        wire
    }
}

/// A property bag with valid tags; `None` when nothing is in it.
pub(crate) fn property_bag(mut properties: Properties) -> Option<PropertyBag> {
    let tags = properties.remove("tags").and_then(|tags| serde_json::from_value::<Vec<String>>(tags).ok());
    let mut seen = BTreeSet::new();
    // The schema demands that tags differ.
    let tags = tags.map(|tags| tags.into_iter().filter(|tag| seen.insert(tag.clone())).collect());
    let additional_properties: BTreeMap<String, Value> = properties.into_iter().collect();
    let is_empty = tags.is_none() && additional_properties.is_empty();
    (!is_empty).then_some(PropertyBag { tags, additional_properties })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn finding(message: &str) -> Finding {
        Finding::new("a", Level::Error, message, Location::new("a").unwrap())
    }

    #[test]
    fn a_message_is_never_empty() {
        let rule = Rule::new("a", "Leaked token");
        assert_eq!(finding(" ").to_wire(&rule, 0).message.text.unwrap(), "Leaked token.");
        assert_eq!(finding("Gone!\u{7}").to_wire(&rule, 0).message.text.unwrap(), "Gone!\u{fffd}.");
    }

    #[test]
    fn what_an_earlier_scan_had_is_said_only_when_compared() {
        let wire = |baseline| Finding { baseline, ..finding("x") }.to_wire(&Rule::new("a", "A"), 0).baseline_state;
        assert_eq!((wire(None), wire(Some(Baseline::New))), (None, Some(json!("new"))));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let related = vec![Location::new("b").unwrap(); limits::KEPT_LOCATIONS + 7];
        let wire = Finding { related, ..finding("x") }.to_wire(&Rule::new("a", "A"), 0);
        let locations = wire.related_locations.unwrap();
        assert_eq!((locations.len(), locations[0].id, locations[99].id), (100, Some(1), Some(100)));
        assert_eq!(wire.properties.unwrap().additional_properties["omittedLocations"], json!(7));
    }

    #[test]
    fn invalid_tags_are_left_out() {
        let bag = |json: Value| property_bag(json.as_object().unwrap().clone());
        assert_eq!(bag(json!({})), None);
        assert_eq!(bag(json!({"tags": "security"})), None);
        assert_eq!(bag(json!({"tags": ["a", "b", "a"]})).unwrap().tags.unwrap(), ["a", "b"]);
        assert_eq!(bag(json!({"cwe": 798})).unwrap().additional_properties["cwe"], json!(798));
    }
}
