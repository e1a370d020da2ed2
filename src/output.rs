//! Writes a report in the formats people and programs read. Every format is one file and one line in [`FORMATS`].

pub mod csv;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod style;
pub mod table;
mod told;

use serde::Serialize;

use crate::error::Error;
use crate::github::alert::Alerts;
use crate::report::Report;
use style::Style;

/// A format of a report.
pub struct Format {
    /// The word on the command line.
    pub id: &'static str,
    /// What it is for, a few words.
    pub about: &'static str,
    /// Writes it; ends with a newline.
    pub write: fn(&Report, &View) -> Result<String, Error>,
}

/// How a report is to be shown.
pub struct View {
    /// Colours and width; plain when it does not go to a terminal.
    pub style: Style,
    /// Raw secrets were asked for.
    pub show_secrets: bool,
    /// 0 is the default; less is quieter, more tells more.
    pub verbosity: i8,
    /// The alerts that findings have on GitHub; none without an upload.
    pub alerts: Alerts,
}

/// Every format, in the order of the help.
pub static FORMATS: &[Format] = &[
    Format { id: "table", about: "for people at a terminal", write: table::write },
    Format { id: "json", about: "everything, for programs", write: json::write },
    Format { id: "sarif", about: "SARIF 2.1.0, with what is accepted as suppressed", write: sarif::write },
    Format {
        id: "sarif-upload",
        about: "the same for GitHub: kinds that are complete, nothing accepted",
        write: sarif::write_upload,
    },
    Format { id: "markdown", about: "for a job summary", write: markdown::write },
    Format { id: "markdown-comment", about: "for a comment on a pull request", write: markdown::write_comment },
    Format { id: "github", about: "annotations of a GitHub Actions job", write: github::write },
    Format { id: "gitlab-sast", about: "GitLab's report of code and configuration", write: gitlab::write_sast },
    Format { id: "gitlab-dependency", about: "GitLab's report of dependencies", write: gitlab::write_dependency },
    Format { id: "gitlab-secret", about: "GitLab's report of secrets", write: gitlab::write_secret },
    Format { id: "junit", about: "JUnit XML, for whatever shows tests", write: junit::write },
    Format { id: "csv", about: "for a spreadsheet", write: csv::write },
];

/// The format with an id; `None` when there is none.
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// A document of JSON, indented, with a line end behind it.
///
/// # Errors
/// JSON has no form for it, which does not happen for what is written here.
pub(crate) fn document(document: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string_pretty(document).map_err(|e| Error::usage("cannot write JSON").because(e))?;
    Ok(text + "\n")
}
