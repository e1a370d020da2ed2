//! Defines [`Rules`]: what a run says of its rules, by id and by index, of the driver and of its extensions.

use std::collections::HashMap;

use serde_json::Value;

/// The rules of a run.
#[derive(Default)]
pub(super) struct Rules {
    /// Of the driver, then of each extension.
    components: Vec<Vec<Value>>,
    by_id: HashMap<String, (usize, usize)>,
    /// Severities that the user of the tool set, by rule id.
    overrides: HashMap<String, String>,
}

impl Rules {
    pub(super) fn of(run: &Value) -> Self {
        let list = |component: &Value| component.get("rules").and_then(Value::as_array).cloned().unwrap_or_default();
        let extensions = run.pointer("/tool/extensions").and_then(Value::as_array).into_iter().flatten();
        let driver = run.pointer("/tool/driver").map(list).unwrap_or_default();
        let components: Vec<Vec<Value>> = [driver].into_iter().chain(extensions.map(list)).collect();
        let mut by_id = HashMap::new();
        for (component, rules) in components.iter().enumerate() {
            for (index, rule) in rules.iter().enumerate() {
                for key in ["id", "guid"] {
                    if let Some(id) = rule.get(key).and_then(Value::as_str) {
                        by_id.entry(id.to_owned()).or_insert((component, index));
                    }
                }
            }
        }
        let invocations = run.get("invocations").and_then(Value::as_array).into_iter().flatten();
        let overrides = invocations
            .filter_map(|invocation| invocation.get("ruleConfigurationOverrides")?.as_array())
            .flatten()
            .filter_map(|one| {
                let id = one.pointer("/descriptor/id")?.as_str()?.to_owned();
                Some((id, one.pointer("/configuration/level")?.as_str()?.to_owned()))
            })
            .collect();
        Self { components, by_id, overrides }
    }

    /// The id of a result's rule, and what is known of it.
    pub(super) fn find(&self, result: &Value) -> (String, Option<&Value>) {
        let reference = result.get("rule");
        let told = result.get("ruleId").or_else(|| reference?.get("id")).and_then(Value::as_str).unwrap_or_default();
        let index = result.get("ruleIndex").or_else(|| reference?.get("index")).and_then(Value::as_u64);
        let component = match reference.and_then(|reference| reference.get("toolComponent")) {
            None => 0,
            Some(named) => match named.get("index").and_then(Value::as_u64) {
                // The index counts the extensions.
                Some(index) => usize::try_from(index).unwrap_or(usize::MAX).saturating_add(1),
                None => 0,
            },
        };
        let indexed = index.and_then(|index| self.components.get(component)?.get(usize::try_from(index).ok()?));
        let id_of = |rule: &Value| rule.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fits = |rule: &&Value| told.is_empty() || is_part(told, &id_of(rule));
        let named = || self.named(told).or_else(|| self.named(reference?.get("guid")?.as_str()?));
        let rule = indexed.filter(fits).or_else(named);
        let id = if told.is_empty() { rule.map(id_of).unwrap_or_default() } else { told.to_owned() };
        (id, rule)
    }

    /// A rule by its id, or by the beginning of it: `CA1000/1` is a part of `CA1000`.
    fn named(&self, id: &str) -> Option<&Value> {
        let (component, index) =
            self.by_id.get(id).or_else(|| self.by_id.get(id.rsplit_once('/').map_or(id, |(begin, _)| begin)))?;
        self.components.get(*component)?.get(*index)
    }

    /// The level that the user of the tool set for a rule.
    pub(super) fn overridden(&self, id: &str) -> Option<&str> {
        self.overrides.get(id).map(String::as_str)
    }
}

fn is_part(id: &str, rule: &str) -> bool {
    id == rule || id.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/'))
}
