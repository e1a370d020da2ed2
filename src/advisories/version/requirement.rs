//! What manifests ask of versions: one file for each way in which requirements are written.

pub(super) mod bound;
pub(super) mod cargo;
pub(super) mod comparators;
pub(super) mod composer;
pub(super) mod conan;
pub(super) mod golang;
pub(super) mod hackage;
pub(super) mod hex;
mod interval;
pub(super) mod julia;
pub(super) mod maven;
pub(super) mod npm;
pub(super) mod nuget;
pub(super) mod operator;
pub(super) mod pep440;
pub(super) mod pub_dev;
pub(super) mod rubygems;
