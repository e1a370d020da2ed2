//! Defines [`Tool`]: who did a scan, and with whose help.

use crate::error::{Error, at_most};
use crate::{limits, uri};
use serde_sarif::sarif::{self, ReportingDescriptor, ToolComponent};

/// The tool behind a run.
///
/// GitHub keeps the alerts of every tool name apart: keep the name the same across versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name GitHub shows; never empty, at most three words by the validator's taste.
    pub name: String,
    /// The version, starting with a number; left out when empty.
    pub version: String,
    /// The tool's home page, http or https; left out when it is neither.
    pub information_uri: String,
    /// The other tools that contributed, at most [`limits::MAX_EXTENSIONS`].
    pub extensions: Vec<ToolExtension>,
}

/// A tool that contributed to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolExtension {
    /// Its name; never empty.
    pub name: String,
    /// Its version; left out when empty.
    pub version: String,
    /// Its home page, http or https; left out when it is neither.
    pub information_uri: String,
}

impl Tool {
    /// A tool without extensions.
    pub fn new(name: impl Into<String>, version: impl Into<String>, information_uri: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            information_uri: information_uri.into(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn to_wire(&self, rules: Vec<ReportingDescriptor>, category: &str) -> Result<sarif::Tool, Error> {
        at_most(limits::MAX_EXTENSIONS, "tool extensions", self.extensions.len())?;
        let mut driver = component("the tool", &self.name, &self.version, &self.information_uri, category)?;
        // GitHub requires the list even when it is empty.
        driver.rules = Some(rules);
        let extensions: Vec<_> = self
            .extensions
            .iter()
            .map(|e| component("a tool extension", &e.name, &e.version, &e.information_uri, category))
            .collect::<Result<_, _>>()?;
        Ok(sarif::Tool { driver, extensions: Some(extensions).filter(|e| !e.is_empty()), properties: None })
    }
}

fn component(
    what: &'static str,
    name: &str,
    version: &str,
    information_uri: &str,
    category: &str,
) -> Result<ToolComponent, Error> {
    if name.trim().is_empty() {
        return Err(Error::Empty { what, field: "name", category: category.to_owned() });
    }
    let mut component = ToolComponent::builder().name(name.trim()).build();
    component.version = Some(version.trim().to_owned()).filter(|v| !v.is_empty());
    component.information_uri = uri::link(information_uri);
    Ok(component)
}
