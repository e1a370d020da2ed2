//! The files of `rules/` as the build script found them: advisories as pairs of a name and a text, secret rules as values.

use crate::rule::built::{Built, KnownPlace, confidence, severity};
use crate::rule::secret::MinChars;

include!(concat!(env!("OUT_DIR"), "/packs.rs"));
