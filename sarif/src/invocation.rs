//! Defines [`Invocation`]: how the scan behind a run went.

use crate::error::Error;
use crate::level::Level;
use crate::location::Location;
use crate::text;
use serde_sarif::sarif::{self, ReportingDescriptorReference};

/// How the scan behind a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// Whether it saw everything it should have. GitHub does not look at this: it closes the alerts that a failed
    /// run does not repeat, so do not upload one.
    pub successful: bool,
    /// What happened on the way, in order.
    pub notifications: Vec<Notification>,
}

impl Default for Invocation {
    /// A scan that went well and has nothing to add.
    fn default() -> Self {
        Self { successful: true, notifications: Vec::new() }
    }
}

/// Something that happened during a scan and is not a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// A stable name for the kind of event, such as `scan/timeout`; never empty.
    pub id: String,
    /// How bad it is.
    pub level: Level,
    /// What happened, in one sentence; never empty.
    pub message: String,
    /// The file it happened in; `None` when it concerns none.
    pub location: Option<Location>,
}

impl Invocation {
    pub(crate) fn to_wire(&self, category: &str) -> Result<sarif::Invocation, Error> {
        let notifications: Vec<_> = self.notifications.iter().map(|n| n.to_wire(category)).collect::<Result<_, _>>()?;
        let mut wire = sarif::Invocation::builder().execution_successful(self.successful).build();
        wire.tool_execution_notifications = Some(notifications).filter(|n| !n.is_empty());
        Ok(wire)
    }
}

impl Notification {
    fn to_wire(&self, category: &str) -> Result<sarif::Notification, Error> {
        let message = text::sentence(&self.message);
        for (field, value) in [("id", &self.id), ("message", &message)] {
            if value.is_empty() {
                return Err(Error::Empty { what: "a notification", field, category: category.to_owned() });
            }
        }
        let mut wire = sarif::Notification::builder()
            .descriptor(ReportingDescriptorReference { id: Some(self.id.clone()), ..Default::default() })
            .level(self.level.id())
            .message(&message)
            .build();
        wire.locations = self.location.as_ref().map(|location| vec![location.to_wire(None)]);
        Ok(wire)
    }
}
