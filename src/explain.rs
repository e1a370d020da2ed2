//! What a rule or a finding is, why it matters and what to do, as pages for people.

pub mod advisory;
pub mod finding;
pub mod license;
pub mod secret;
pub mod withdrawn;

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::finding::Severity;
use crate::output::style::Style;
use crate::rule::Rule;
use crate::text;

/// Columns of a page that does not go to a terminal.
const WIDTH: u16 = 100;
/// Columns that the headings of paragraphs take, with the space around them.
const HEADINGS: u16 = 14;

/// What is said of a rule or a finding. It may hold anything; it is made printable when it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// A noun phrase or a sentence.
    pub title: String,
    /// How bad it is; `None` where that is not known.
    pub severity: Option<Severity>,
    paragraphs: Vec<(&'static str, Vec<String>)>,
}

impl Page {
    /// A page without a paragraph.
    pub fn new(title: impl Into<String>, severity: Option<Severity>) -> Self {
        Self { title: title.into(), severity, paragraphs: Vec::new() }
    }

    /// Adds a paragraph, a line each; none at all when every line is empty.
    #[must_use]
    pub fn with(mut self, heading: &'static str, lines: impl IntoIterator<Item = String>) -> Self {
        let lines = lines.into_iter().flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
        let lines: Vec<String> = lines.filter(|line| !line.trim().is_empty()).collect();
        if !lines.is_empty() {
            self.paragraphs.push((heading, lines));
        }
        self
    }

    /// Adds what a rule says of itself: what it is about, and what to do.
    #[must_use]
    pub fn about(self, rule: &Rule, remedy: Option<&str>) -> Self {
        let ids = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect::<Vec<_>>().join(", ");
        // A remedy that the help only repeats is not said twice.
        let help = rule.help.trim();
        let help = if help == rule.description.trim() { "" } else { help };
        let remedy = remedy.map(|remedy| format!("{}.", remedy.trim().trim_end_matches('.')));
        let remedy = remedy.filter(|remedy| !help.starts_with(remedy.as_str()));
        let see = rule.url.iter().filter(|url| !help.contains(url.as_str())).map(|url| format!("See {url}"));
        self.with("what it is", [rule.description.clone()])
            .with("weakness", [ids])
            .with("what to do", remedy.into_iter().chain([help.to_owned()]).chain(see))
    }

    /// Writes the page.
    pub fn write(&self, style: Style) -> String {
        let width = style.width.unwrap_or(WIDTH);
        let title = text::printable(&self.title);
        let mut out = String::new();
        let _ = match self.severity {
            Some(severity) => {
                writeln!(out, "{}  {}", style.severity(&severity.id().to_uppercase(), severity), style.bold(&title))
            }
            None => writeln!(out, "{}", style.bold(&title)),
        };
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        for (heading, lines) in &self.paragraphs {
            let lines: Vec<String> = lines.iter().map(|line| text::printable(line)).collect();
            table.add_row([(*heading).to_owned(), lines.join("\n")]);
        }
        if let Some(column) = table.column_mut(0) {
            column.set_padding((2, 1));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(HEADINGS)));
        }
        if !self.paragraphs.is_empty() {
            let _ = writeln!(out, "\n{}", table.trim_fmt());
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_fits_and_drives_no_terminal() {
        let page = Page::new("a\u{1b}[2J", Some(Severity::High))
            .with("nothing", [String::new(), " ".to_owned()])
            .with("what to do", ["word ".repeat(60), "b\u{1b}]0;x\u{7}\nc".to_owned()]);
        let text = page.write(Style::PLAIN);
        assert!(text.lines().all(|line| line.chars().count() <= usize::from(WIDTH)), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}') && !text.contains("nothing"), "{text}");
        assert!(text.starts_with("HIGH  a\\u{1b}[2J\n\n  what to do"), "{text}");
    }
}
