//! Defines [`Run`]: everything one tool has to say in one category.

use crate::error::{Error, at_most};
use crate::finding::{Finding, property_bag};
use crate::invocation::Invocation;
use crate::location::ROOT;
use crate::provenance::Provenance;
use crate::rule::Rule;
use crate::suppression::Suppression;
use crate::tool::Tool;
use crate::{Properties, limits};
use serde_sarif::sarif::{self, ArtifactLocation, ResultColumnKind, RunAutomationDetails};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Everything one tool has to say in one category.
///
/// GitHub compares a run with the previous one of the same tool and category: what is no longer there is closed. A
/// run with zero results closes them all, a category that is left out keeps its alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The category, such as `scanall/secrets/`; a missing final slash is added.
    pub category: String,
    /// Who did the scan.
    pub tool: Tool,
    /// What was looked for, at least every rule a finding names, in any order, at most [`limits::MAX_RULES`].
    /// Repetitions of the same rule are written once.
    pub rules: Vec<Rule>,
    /// What was found, in the order it is written, at most [`limits::MAX_RESULTS`].
    pub findings: Vec<Finding>,
    /// How the scan went.
    pub invocation: Invocation,
    /// What was scanned; `None` when nobody knows, which the validator notes as SARIF2003.
    pub provenance: Option<Provenance>,
    /// More about it, for other readers than GitHub; `tags` as in [`Finding::properties`].
    pub properties: Properties,
}

impl Run {
    /// A successful run that found nothing.
    pub fn new(category: impl Into<String>, tool: Tool) -> Self {
        Self {
            category: category.into(),
            tool,
            rules: Vec::new(),
            findings: Vec::new(),
            invocation: Invocation::default(),
            provenance: None,
            properties: Properties::new(),
        }
    }

    /// Leaves out all but the `limit` worst findings and returns how many those were; what stays keeps its order.
    ///
    /// Worse is the higher security severity of the rule, then the higher level, then the earlier place in the
    /// list. GitHub makes alerts of [`limits::KEPT_RESULTS`] and chooses them less predictably.
    pub fn keep_worst(&mut self, limit: usize) -> usize {
        let omitted = self.findings.len().saturating_sub(limit);
        if omitted == 0 {
            return 0;
        }
        let severities: BTreeMap<_, _> = self.rules.iter().map(|r| (r.id.as_str(), r.security_severity)).collect();
        let mut order: Vec<usize> = (0..self.findings.len()).collect();
        order.sort_by_key(|&at| {
            let finding = &self.findings[at];
            Reverse((severities.get(finding.rule.as_str()).copied().flatten(), finding.level))
        });
        let mut is_kept = vec![false; self.findings.len()];
        for at in &order[..limit] {
            is_kept[*at] = true;
        }
        let mut kept = is_kept.into_iter();
        self.findings.retain(|_| kept.next().unwrap_or(false));
        omitted
    }

    /// The category with exactly one slash at its end; `None` when nothing else is in it.
    pub(crate) fn category_id(&self) -> Option<String> {
        let category = self.category.trim().trim_end_matches('/');
        (!category.is_empty()).then(|| format!("{category}/"))
    }

    pub(crate) fn to_wire(&self) -> Result<sarif::Run, Error> {
        let category = self.category_id().ok_or_else(|| Error::NoCategory { tool: self.tool.name.clone() })?;
        at_most(limits::MAX_RESULTS, "results of one run", self.findings.len())?;
        let rules = self.sorted_rules(&category)?;
        let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), at)).collect();
        // By section 3.27.23 of the standard all results of a run say who accepted them, or none does.
        let knows_suppressions = self.findings.iter().any(|finding| !finding.suppressions.is_empty());
        let mut results = Vec::with_capacity(self.findings.len());
        for finding in &self.findings {
            let unknown = || Error::UnknownRule { rule: finding.rule.clone(), category: category.clone() };
            let at = *index.get(finding.rule.as_str()).ok_or_else(unknown)?;
            let mut result = finding.to_wire(rules[at], at);
            if knows_suppressions {
                result.suppressions = Some(finding.suppressions.iter().map(Suppression::to_wire).collect());
            }
            results.push(result);
        }
        let rules = rules.iter().map(|rule| rule.to_wire(&self.tool.information_uri)).collect();
        let mut run = sarif::Run::builder()
            .tool(self.tool.to_wire(rules, &category)?)
            .results(results)
            .invocations(vec![self.invocation.to_wire(&category)?])
            .automation_details(RunAutomationDetails { id: Some(category), ..RunAutomationDetails::default() })
            .column_kind(ResultColumnKind::UnicodeCodePoints.to_string())
            .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root())]))
            .build();
        run.version_control_provenance = self.provenance.as_ref().and_then(Provenance::to_wire).map(|wire| vec![wire]);
        run.properties = property_bag(self.properties.clone());
        Ok(run)
    }

    fn sorted_rules(&self, category: &str) -> Result<Vec<&Rule>, Error> {
        let mut rules: Vec<&Rule> = self.rules.iter().collect();
        rules.sort_by_key(|rule| &rule.id);
        rules.dedup_by(|a, b| a == b);
        at_most(limits::MAX_RULES, "rules of one run", rules.len())?;
        if rules.first().is_some_and(|rule| rule.id.is_empty()) {
            return Err(Error::Empty { what: "a rule", field: "id", category: category.to_owned() });
        }
        match rules.windows(2).find(|pair| pair[0].id == pair[1].id) {
            Some(pair) => Err(Error::ConflictingRules { rule: pair[0].id.clone(), category: category.to_owned() }),
            None => Ok(rules),
        }
    }
}

/// The root of the repository, described but not placed: where it lay on the scanning machine is nobody's business.
fn root() -> ArtifactLocation {
    ArtifactLocation { description: Some("The root of the repository.".into()), ..ArtifactLocation::default() }
}
