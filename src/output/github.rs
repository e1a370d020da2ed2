//! The report as workflow commands of GitHub Actions, which makes annotations of them beside the changed lines.
//!
//! GitHub shows at most ten errors, ten warnings and ten notices of a step and drops the rest without a word, so that
//! the worst come first and the tenth says how many there are besides.

use std::fmt::Write as _;

use super::View;
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::report::{Report, Verdict};
use crate::text;

/// So many annotations of a level are shown for a step.
const MOST: usize = 10;
/// So many code points of a message are shown; GitHub takes 64 KiB of it.
const MESSAGE: usize = 2000;

/// The levels, and the severities that have them, worst first.
const LEVELS: [(&str, &[Severity]); 3] = [
    ("error", &[Severity::Critical, Severity::High]),
    ("warning", &[Severity::Medium]),
    ("notice", &[Severity::Low, Severity::Info]),
];

/// Writes the commands, a line each.
///
/// # Errors
/// Never.
pub fn write(report: &Report, _: &View) -> Result<String, Error> {
    let mut out = String::new();
    for (level, severities) in LEVELS {
        let findings: Vec<&Finding> = severities.iter().flat_map(|severity| report.of_severity(*severity)).collect();
        let mut room = MOST;
        if level == "error" && report.verdict == Verdict::Incomplete {
            let what = "not everything could be looked at, so nobody can say that the rest is clean";
            command(&mut out, level, &[("title", "The scan is incomplete")], what);
            room -= 1;
        }
        let shown = if findings.len() > room { room - 1 } else { findings.len() };
        findings[..shown].iter().for_each(|finding| annotation(&mut out, level, finding));
        if shown < findings.len() {
            let more = format!("and {} more; the report has all of them", findings.len() - shown);
            command(&mut out, level, &[("title", "scanall")], &more);
        }
    }
    Ok(out)
}

fn annotation(out: &mut String, level: &str, finding: &Finding) {
    let location = &finding.location;
    let (line, end, column);
    let mut properties = Vec::new();
    let mut message = finding.message.clone();
    match &location.commit {
        // The line is one of another version of the file.
        Some(commit) => {
            let _ = write!(message, " ({} at {})", location.path, commit.short());
        }
        None if location.path.as_str().is_empty() => {}
        None => {
            properties.push(("file", location.path.as_str()));
            if let Some(span) = location.span {
                (line, end, column) =
                    (span.start_line.to_string(), span.end_line.to_string(), span.start_column.to_string());
                properties.extend([("line", line.as_str()), ("endLine", end.as_str())]);
                // GitHub refuses columns of several lines.
                if span.start_line == span.end_line {
                    properties.push(("col", column.as_str()));
                }
            }
        }
    }
    let title = format!("{} ({})", finding.rule.title, finding.rule.id);
    properties.push(("title", title.as_str()));
    if let Some(remedy) = &finding.remedy {
        let _ = write!(message, "\n{remedy}");
    }
    command(out, level, &properties, &message);
}

/// Adds a command: `::error file=a.rs,line=1::message`.
fn command(out: &mut String, level: &str, properties: &[(&str, &str)], message: &str) {
    let written: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(&text::printable(value)))).collect();
    let short: String = message.chars().take(MESSAGE).collect();
    let lines: Vec<String> = short.lines().map(text::printable).collect();
    let _ = writeln!(out, "::{level} {}::{}", written.join(","), data(&lines.join("\n")));
}

/// Escapes what ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what ends a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Takes the meaning of workflow commands from a text that a runner is going to read: `::` at the beginning of a line,
/// blanks or not, and `##[` anywhere.
pub fn defused(text: &str) -> String {
    let line = |line: &str| {
        let (blanks, rest) = line.split_at(line.len() - line.trim_start().len());
        let mark = if rest.starts_with("::") { "\u{200b}" } else { "" };
        format!("{blanks}{mark}{}", rest.replace("##[", "##\u{200b}["))
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::output::sample;

    /// Reads a line as the runner does: the level, the properties, the message.
    fn read(line: &str) -> (String, BTreeMap<String, String>, String) {
        let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        let rest = line.strip_prefix("::").unwrap();
        let (head, message) = rest.split_once("::").unwrap();
        let (level, properties) = head.split_once(' ').unwrap();
        let properties = properties.split(',').map(|property| {
            let (name, value) = property.split_once('=').unwrap();
            (name.to_owned(), unescape(&value.replace("%3A", ":").replace("%2C", ",")))
        });
        (level.to_owned(), properties.collect(), unescape(message))
    }

    #[test]
    fn the_worst_come_first_and_the_tenth_says_how_many_more() {
        let mut findings: Vec<Finding> = (0..30).map(|n| sample::finding(&format!("high {n}"))).collect();
        findings[29].severity = Severity::Critical;
        let mut report = sample::report(findings);
        let text = write(&report, &sample::view()).unwrap();
        let lines: Vec<_> = text.lines().map(read).collect();
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[0].1["file"], "high 29");
        assert_eq!(lines[9].2, "and 21 more; the report has all of them");
        report.findings.truncate(10);
        assert_eq!(write(&report, &sample::view()).unwrap().lines().count(), 10);
        assert!(!write(&report, &sample::view()).unwrap().contains("more;"));
    }

    #[test]
    fn an_incomplete_run_says_so_first() {
        let mut report = sample::report((0..10).map(|n| sample::finding(&format!("high {n}"))).collect());
        sample::break_layer(&mut report, "it broke");
        let text = write(&report, &sample::view()).unwrap();
        let lines: Vec<_> = text.lines().map(read).collect();
        assert_eq!((lines.len(), lines[0].1["title"].as_str()), (10, "The scan is incomplete"));
        assert_eq!(lines[9].2, "and 2 more; the report has all of them");
    }

    #[test]
    fn levels_follow_severities() {
        let report = sample::report(
            Severity::WORST_FIRST.map(|severity| Finding { severity, ..sample::finding(severity.id()) }).into(),
        );
        let text = write(&report, &sample::view()).unwrap();
        let levels: Vec<String> = text.lines().map(|line| read(line).0).collect();
        assert_eq!(levels, ["error", "error", "warning", "notice", "notice"]);
        assert!(text.starts_with(
            "::error file=critical,line=3,endLine=3,col=1,title=critical (code/critical)::critical%0Acritical\n"
        ));
    }

    #[test]
    fn a_line_of_another_version_is_not_marked_in_this_one() {
        let report = sample::report(sample::of_every_kind("a"));
        let text = write(&report, &sample::view()).unwrap();
        let (_, properties, message) = read(text.lines().next().unwrap());
        assert!(!properties.contains_key("file") && message.starts_with("a (a at 4b20d1b82e)"), "{message}");
    }

    proptest! {
        #[test]
        fn no_text_ends_a_command_or_begins_another(text in sample::hostile()) {
            let report = sample::report(sample::of_every_kind(&text));
            let written = write(&report, &sample::view()).unwrap();
            prop_assert_eq!(written.lines().count(), 5);
            for line in written.lines() {
                let (level, properties, _) = read(line);
                prop_assert_eq!(level, "error");
                let title = text::printable(&format!("{text} (code/{text})"));
                prop_assert_eq!(&properties["title"], &title);
                prop_assert!(!line.contains(['\r', sample::ESCAPE]));
            }
            prop_assert!(!written.contains(sample::SECRET));
        }
    }

    proptest! {
        #[test]
        fn no_line_of_a_table_is_a_command(text in "( |\t|:|a|::|##\\[|#|\\[|\n|\r\n){0,40}") {
            let defused = defused(&text);
            prop_assert_eq!(defused.replace('\u{200b}', ""), text);
            prop_assert!(!defused.contains("##["));
            prop_assert!(defused.lines().all(|line| !line.trim_start().starts_with("::")), "{defused:?}");
        }
    }
}
