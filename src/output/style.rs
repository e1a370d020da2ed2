//! Defines [`Style`]: what a terminal can show.

use anstyle::{AnsiColor, Color, Style as Ansi};
use comfy_table::{ContentArrangement, Table, presets};

use crate::finding::Severity;

/// Columns of a place that is not a terminal.
const PIPE_WIDTH: u16 = 120;

/// Colour and width of the place that a text goes to.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether escape sequences may be used.
    pub colour: bool,
    /// Columns, at least 40; `None` when it is not a terminal.
    pub width: Option<u16>,
}

impl Style {
    /// No colour, no limit: a file or a pipe.
    pub const PLAIN: Self = Self { colour: false, width: None };

    /// How many columns a table may take.
    pub fn columns(self) -> u16 {
        self.width.unwrap_or(PIPE_WIDTH)
    }

    /// An empty table without lines, as wide as the place.
    pub fn table(self) -> Table {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.columns());
        table
    }

    /// Paints text.
    pub fn paint(self, text: &str, ansi: Ansi) -> String {
        if self.colour { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }

    /// Paints text bold.
    pub fn bold(self, text: &str) -> String {
        self.paint(text, Ansi::new().bold())
    }

    /// Paints text faint.
    pub fn faint(self, text: &str) -> String {
        self.paint(text, Ansi::new().dimmed())
    }

    /// Paints text in the colour of a severity.
    pub fn severity(self, text: &str, severity: Severity) -> String {
        let colour = match severity {
            Severity::Critical => AnsiColor::BrightRed,
            Severity::High => AnsiColor::Red,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::Cyan,
            Severity::Info => AnsiColor::Blue,
        };
        self.paint(text, Ansi::new().bold().fg_color(Some(Color::Ansi(colour))))
    }

    /// Paints something good.
    pub fn good(self, text: &str) -> String {
        self.paint(text, Ansi::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Green))))
    }

    /// Paints something to be careful about.
    pub fn warning(self, text: &str) -> String {
        self.paint(text, Ansi::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Yellow))))
    }

    /// Paints something bad.
    pub fn bad(self, text: &str) -> String {
        self.paint(text, Ansi::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red))))
    }
}
