//! Reads `yarn.lock`, of Yarn 1 (<https://classic.yarnpkg.com/lang/en/docs/yarn-lock/>) and of Yarn 2 and newer.

mod berry;
mod classic;

use super::{Format, Role, Unreadable, name_of};
use crate::inventory::reading::Reading;

pub(super) const FORMAT: Format = Format {
    id: "yarn-lock",
    about: "yarn.lock, of Yarn 1 to 4",
    role: Role::Lock("npm"),
    wants: |path| name_of(path) == "yarn.lock",
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    // The newer ones are YAML, and say in front which version of it they are.
    match reading.source.text.lines().any(|line| line.trim_end() == "__metadata:") {
        true => berry::read(reading),
        false => classic::read(reading),
    }
}
