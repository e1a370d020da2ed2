//! Writes the steps of thread flows where they are used, and cuts what is beyond GitHub's limits.

use serde_json::Value;

use crate::budget::Budget;
use crate::limits::KEPT_THREAD_FLOW_LOCATIONS;
use crate::notice::Notices;
use crate::size;
use crate::value::{fields, list, list_mut};

/// Steps that are given by number only are written out: GitHub does not look them up.
pub(super) fn inline(run: &mut Value, notices: &mut Notices) {
    let shared = list(run, "threadFlowLocations").to_vec();
    let sizes: Vec<usize> = shared.iter().map(|step| size::plain(step) as usize).collect();
    let mut budget = Budget::default();
    for result in list_mut(run, "results") {
        let mut left = KEPT_THREAD_FLOW_LOCATIONS;
        let mut cut = 0;
        for flow in list_mut(result, "codeFlows").iter_mut().flat_map(|flow| list_mut(flow, "threadFlows")) {
            let Some(Value::Array(steps)) = fields(flow).get_mut("locations") else { continue };
            let kept = steps.len().min(left);
            cut += steps.len() - kept;
            steps.truncate(kept);
            left -= kept;
            for step in steps {
                let index = step.get("index").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
                let Some(index) = index else { continue };
                let step = fields(step);
                step.remove("index");
                let Some(Value::Object(known)) = shared.get(index).filter(|_| budget.take(sizes[index])) else {
                    notices.add("step", "left empty: nothing says what it is");
                    continue;
                };
                for (key, value) in known.iter().filter(|(key, _)| *key != "index") {
                    step.entry(key).or_insert_with(|| value.clone());
                }
                notices.add("step", "written out in the thread flows that use it");
            }
        }
        if cut > 0 {
            drop_empty(result);
            notices.add_many("location", "left out of thread flows: GitHub keeps the first 1000 of a result", cut);
        }
    }
}

/// A thread flow without locations is none, and a code flow without thread flows neither.
fn drop_empty(result: &mut Value) {
    let Some(Value::Array(flows)) = fields(result).get_mut("codeFlows") else { return };
    for flow in flows.iter_mut() {
        if let Some(Value::Array(threads)) = fields(flow).get_mut("threadFlows") {
            threads.retain(|thread| !list(thread, "locations").is_empty());
        }
    }
    flows.retain(|flow| !list(flow, "threadFlows").is_empty());
}
