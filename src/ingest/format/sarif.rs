//! SARIF 2.1.0 of any producer (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

mod message;
mod package;
mod place;
mod producer;
mod result;
mod rule;

use serde_json::{Map, Value};

use super::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::out::Out;
use producer::Producer;
use rule::Rules;

/// SARIF.
pub static FORMAT: Format = Format {
    id: "sarif",
    name: "SARIF",
    tool: "sarif",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[&["runs=["], &["version=\"2.1.0", "runs"], &["version=\"2.0", "runs"], &["runs", "$schema"]],
        records: &["runs[].results[]"],
        reader: || Box::<Sarif>::default(),
    },
};

/// What is around the results of a run.
#[derive(Default)]
struct Sarif {
    /// The file is of a version that is not read.
    refused: bool,
    run: Run,
}

/// A run without its results.
#[derive(Default)]
struct Run {
    /// All of it.
    value: Value,
    producer: Producer,
    rules: Rules,
    places: place::Known,
    suppressed: usize,
}

impl Reader for Sarif {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        match around.path {
            "" => {
                let version = around.text("version");
                self.refused = !version.is_empty() && !version.starts_with("2.1");
                if self.refused {
                    out.gap(format!(
                        "it is SARIF {version}, and only 2.1.0 is read: `Sarif.Multitool transform` brings it up to date"
                    ));
                }
            }
            "runs[]" if !self.refused => {
                self.leave(out);
                self.run = Run::of(around);
                failures(&self.run.value, out);
                self.run.producer.kinds().iter().for_each(|kind| out.covers(*kind));
            }
            _ => {}
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        if self.refused {
            return Ok(());
        }
        let told: Value = record.parse()?;
        if !told.is_object() {
            return Err("a result is no object".into());
        }
        if result::is_suppressed(&told) {
            self.run.suppressed += 1;
        } else if let Some(finding) = result::finding(&told, &mut self.run, out) {
            out.finding(finding);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        self.leave(out);
    }
}

impl Sarif {
    /// Says what of a run is left out.
    fn leave(&mut self, out: &mut Out) {
        if self.run.suppressed > 0 {
            let count = crate::text::count(self.run.suppressed, "result");
            out.note(format!("{count} of {} suppressed in its own report", self.run.producer.name));
        }
        self.run.suppressed = 0;
    }
}

impl Run {
    fn of(around: &Around<'_>) -> Self {
        let members = around.keys().filter_map(|key| Some((key.to_string(), around.get(&key)?)));
        let value = Value::Object(members.collect::<Map<String, Value>>());
        let producer = Producer::of(&value);
        let rules = Rules::of(&value);
        Self { producer, rules, value, places: place::Known::default(), suppressed: 0 }
    }
}

/// Says what the tool itself could not do.
fn failures(run: &Value, out: &mut Out) {
    let name = run.pointer("/tool/driver/name").and_then(Value::as_str).unwrap_or("the tool");
    for invocation in run.get("invocations").and_then(Value::as_array).into_iter().flatten() {
        if invocation.get("executionSuccessful") == Some(&Value::Bool(false)) {
            let why = invocation.get("exitCodeDescription").or_else(|| invocation.get("processStartFailureMessage"));
            let why = why.and_then(Value::as_str).map_or_else(String::new, |why| format!(": {why}"));
            out.gap(format!("{name} says that it did not succeed{why}"));
        }
        let notifications = ["toolExecutionNotifications", "toolConfigurationNotifications"];
        let all = notifications.iter().filter_map(|key| invocation.get(key)?.as_array()).flatten();
        for notification in all.filter(|n| n.get("level").and_then(Value::as_str) == Some("error")) {
            let text = notification.pointer("/message/text").and_then(Value::as_str).unwrap_or("an error");
            out.gap(format!("{name}: {}", crate::text::paragraph(text).unwrap_or_default()));
        }
    }
}

#[cfg(test)]
mod tests;
