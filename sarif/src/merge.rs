//! Defines [`merge`]: one log of several.

use serde_json::Value;

use crate::fix::repair;
use crate::input::Input;
use crate::notice::Notice;
use crate::profile::Profile;
use crate::root::Root;

/// Makes one log of several, repaired as by [`fix`](crate::fix()), and says what was changed or left out.
///
/// The log is the same whatever the order of the inputs and their names. It may be too large for one upload: see
/// [`split`](crate::split()).
pub fn merge(inputs: Vec<Input>, profile: Profile, root: Option<&Root>) -> (Value, Vec<Notice>) {
    repair(inputs.into_iter().map(|input| input.log).collect(), profile, root)
}
