//! The policy of a project that states none: that of a product whose source stays closed.

use crate::config::LicenseLists;

const OPEN: [&str; 3] = ["category:permissive", "category:public-domain", "category:copyleft-weak"];
const COPYLEFT: [&str; 2] = ["category:copyleft-strong", "category:copyleft-network"];
const CLOSED: [&str; 2] = ["category:restricted", "category:proprietary"];

fn lists(allow: &[&str], review: &[&str], deny: &[&str]) -> LicenseLists {
    let owned = |list: &[&str]| Some(list.iter().map(ToString::to_string).collect());
    LicenseLists { allow: owned(allow), review: owned(review), deny: owned(deny), unknown: None }
}

/// What is shipped: nothing that obliges to publish one's own source, or forbids a use.
pub(super) fn runtime() -> LicenseLists {
    lists(
        &OPEN,
        &["category:proprietary"],
        &["category:copyleft-strong", "category:copyleft-network", "category:restricted"],
    )
}

/// What only developers use: nobody is given it, so that copyleft asks for nothing.
pub(super) fn dev() -> LicenseLists {
    lists(&[OPEN.as_slice(), &COPYLEFT].concat(), &CLOSED, &[])
}

/// What builds what is shipped: parts of it may end up in there.
pub(super) fn build() -> LicenseLists {
    lists(&OPEN, &[COPYLEFT.as_slice(), &CLOSED].concat(), &[])
}
