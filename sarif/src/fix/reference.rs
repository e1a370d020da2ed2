//! Makes what refers to rules say which by name, and puts the rules of all parts of a tool into one list.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::rule;
use crate::budget::Budget;
use crate::limits::NAME_CHARS;
use crate::notice::Notices;
use crate::schema::{Schema, visit};
use crate::text::shorten;
use crate::value::{array, fields, hash, index, keep, list, list_mut, take, text};

/// The lists of a component that are referred to.
const LISTS: [&str; 3] = ["rules", "notifications", "taxa"];

/// A part of a tool, or a taxonomy, as references see it.
struct Component {
    name: String,
    guid: Option<String>,
    /// Ids and GUIDs of each of [`LISTS`], in order.
    entries: [Vec<(String, Option<String>)>; 3],
}

/// The parts of a tool.
struct Tool {
    driver: Component,
    extensions: Vec<Component>,
    taxonomies: Vec<Component>,
}

pub(super) fn resolve(run: &mut Value, notices: &mut Notices) {
    name_rules(run, notices);
    let tool = Tool::of(run);
    let ids: HashSet<&str> = tool.parts().flat_map(|part| &part.entries[0]).map(|(id, _)| id.as_str()).collect();
    let mut budget = Budget::default();
    let mut unknown = BTreeSet::new();
    for result in list_mut(run, "results") {
        let id = name_rule(result, &tool, &mut budget, notices);
        // `CA1000/1` is a part of `CA1000`.
        if parent(&id, |id| ids.contains(id)).is_none() {
            unknown.insert(id);
        }
    }
    name_others(run, &tool, &mut budget);
    let mut rules = std::mem::take(array(&mut run["tool"]["driver"], "rules"));
    for extension in list_mut(&mut run["tool"], "extensions") {
        let name = shorten(text(extension, "name").unwrap_or_default(), NAME_CHARS);
        for mut rule in take(extension, "rules")
            .and_then(|rules| match rules {
                Value::Array(rules) => Some(rules),
                _ => None,
            })
            .into_iter()
            .flatten()
        {
            keep(fields(&mut rule), "extension", json!(name));
            rules.push(rule);
            notices.add("rule", "moved from an extension of the tool to the tool itself");
        }
    }
    for id in unknown {
        notices.add("rule", "made: a result names it and nothing describes it");
        rules.push(json!({ "id": id }));
    }
    *array(&mut run["tool"]["driver"], "rules") = rule::unite(rules, notices);
}

/// The longest id that is known among an id and the ids it is a part of.
pub(crate) fn parent(id: &str, is_known: impl Fn(&str) -> bool) -> Option<&str> {
    let ends = id.match_indices('/').map(|(at, _)| &id[..at]).collect::<Vec<_>>();
    std::iter::once(id).chain(ends.into_iter().rev()).find(|id| is_known(id))
}

/// Rules without an id get one that stays.
fn name_rules(run: &mut Value, notices: &mut Notices) {
    let Some(tool) = run.get_mut("tool") else { return };
    let mut name = |component: &mut Value| {
        for key in LISTS {
            for entry in list_mut(component, key) {
                if text(entry, "id").is_none() {
                    let json = entry.to_string();
                    let id = text(entry, "name")
                        .map_or_else(|| format!("rule-{:016x}", hash([json.as_str()])), str::to_owned);
                    fields(entry).insert("id".to_owned(), Value::String(id));
                    notices.add("rule", "without an id given one");
                }
            }
        }
    };
    if let Some(driver) = tool.get_mut("driver") {
        name(driver);
    }
    list_mut(tool, "extensions").iter_mut().for_each(&mut name);
    list_mut(run, "taxonomies").iter_mut().for_each(name);
}

/// Makes a result say by id which rule it violates, and in no other way; answers with the id.
fn name_rule(result: &mut Value, tool: &Tool, budget: &mut Budget, notices: &mut Notices) -> String {
    let rule = take(result, "rule").unwrap_or(Value::Null);
    let number = index(result, "ruleIndex");
    fields(result).remove("ruleIndex");
    let component = tool.component(rule.get("toolComponent")).unwrap_or(&tool.driver);
    let by_number = |component: &Component, at: usize| component.entries[0].get(at).map(|(id, _)| id.clone());
    let counted = index(&rule, "index").and_then(|at| by_number(component, at));
    let counted = counted.or_else(|| number.and_then(|at| by_number(&tool.driver, at)));
    let guid = text(&rule, "guid");
    let by_guid = guid.and_then(|guid| component.entries[0].iter().find(|(_, g)| g.as_deref() == Some(guid)));
    let named = text(result, "ruleId").or_else(|| text(&rule, "id")).map(str::to_owned);
    if let (Some(named), Some(counted)) = (&named, &counted)
        && parent(named, |id| id == counted).is_none()
    {
        notices.add("result", "told which rule it violates: its rule id and its rule index contradict each other");
    }
    let found = counted.or_else(|| by_guid.map(|(id, _)| id.clone())).filter(|id| budget.take(id.len()));
    let id = named.or(found).unwrap_or_else(|| {
        notices.add("result", "without a rule given one");
        "unspecified".to_owned()
    });
    if let Some(bag) = rule.get("properties") {
        keep(fields(result), "rule", bag.clone());
    }
    fields(result).insert("ruleId".to_owned(), Value::String(id.clone()));
    id
}

/// Makes every other reference say by id what it means.
fn name_others(run: &mut Value, tool: &Tool, budget: &mut Budget) {
    let node = Schema::get().definition("run");
    visit(run, node, &mut Vec::new(), &mut |kind, path, map| {
        if kind != "reportingDescriptorReference" {
            return;
        }
        let is_taxon = path.contains(&"taxa") || path.contains(&"relationships");
        let which = match path.last() {
            _ if is_taxon => 2,
            Some(&"descriptor") if !path.contains(&"ruleConfigurationOverrides") => 1,
            _ => 0,
        };
        let reference = Value::Object(std::mem::take(map));
        let component = match reference.get("toolComponent") {
            Some(part) if is_taxon => tool.taxonomy(part).or_else(|| tool.component(Some(part))),
            part => tool.component(part),
        };
        let Value::Object(mut fresh) = reference.clone() else { return };
        if let Some(number) = fresh.remove("index") {
            let component = component.unwrap_or(&tool.driver);
            let id = index(&reference, "index").and_then(|at| component.entries[which].get(at));
            match id.map(|(id, _)| id).filter(|id| budget.take(id.len())) {
                Some(id) if text(&reference, "id").is_none() => drop(fresh.insert("id".to_owned(), json!(id))),
                None if text(&reference, "id").is_none() => keep(&mut fresh, "index", number),
                _ => {}
            }
        }
        if let Some(Value::Object(part)) = fresh.get_mut("toolComponent") {
            if let Some(component) = component {
                part.remove("index");
                if budget.take(component.name.len()) {
                    part.insert("name".to_owned(), json!(component.name));
                }
            }
            // The rules of extensions are the tool's own from now on.
            if which == 0 || part.is_empty() {
                fresh.remove("toolComponent");
            }
        }
        *map = fresh;
    });
}

impl Tool {
    fn of(run: &Value) -> Self {
        let tool = run.get("tool").unwrap_or(&Value::Null);
        let driver = tool.get("driver").unwrap_or(&Value::Null);
        Self {
            driver: Component::of(driver),
            extensions: list(tool, "extensions").iter().map(Component::of).collect(),
            taxonomies: list(run, "taxonomies").iter().map(Component::of).collect(),
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Component> {
        std::iter::once(&self.driver).chain(&self.extensions)
    }

    /// The part of the tool that a reference means: the driver when it says nothing; `None` when there is no such.
    fn component(&self, reference: Option<&Value>) -> Option<&Component> {
        let Some(reference) = reference else { return Some(&self.driver) };
        let by_index = index(reference, "index").and_then(|at| self.extensions.get(at));
        by_index.or_else(|| self.parts().find(|part| part.is(reference)))
    }

    fn taxonomy(&self, reference: &Value) -> Option<&Component> {
        let named = self.taxonomies.iter().find(|part| part.is(reference));
        named.or_else(|| index(reference, "index").and_then(|at| self.taxonomies.get(at)))
    }
}

impl Component {
    fn of(component: &Value) -> Self {
        let entries = |key| {
            let entry = |entry: &Value| {
                (text(entry, "id").unwrap_or_default().to_owned(), text(entry, "guid").map(str::to_owned))
            };
            list(component, key).iter().map(entry).collect()
        };
        Self {
            name: text(component, "name").unwrap_or_default().to_owned(),
            guid: text(component, "guid").map(str::to_owned),
            entries: LISTS.map(entries),
        }
    }

    fn is(&self, reference: &Value) -> bool {
        let guid = text(reference, "guid");
        (guid.is_some() && guid == self.guid.as_deref()) || text(reference, "name") == Some(self.name.as_str())
    }
}

/// Where every rule stands, by id.
pub(super) fn places(run: &Value) -> BTreeMap<String, usize> {
    let rules = run.pointer("/tool/driver/rules").and_then(Value::as_array).into_iter().flatten();
    rules.enumerate().filter_map(|(at, rule)| Some((text(rule, "id")?.to_owned(), at))).collect()
}

/// Writes into every result where its rule stands.
pub(super) fn number(run: &mut Value) {
    let places = places(run);
    for result in list_mut(run, "results") {
        let at = text(result, "ruleId").and_then(|id| places.get(parent(id, |id| places.contains_key(id))?)).copied();
        let map: &mut Map<String, Value> = fields(result);
        match at {
            Some(at) => drop(map.insert("ruleIndex".to_owned(), json!(at))),
            None => drop(map.remove("ruleIndex")),
        }
    }
}
