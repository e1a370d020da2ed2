//! How far a match may reach around its keyword; shared with the build script.

/// How far a match may reach beyond its keyword, in bytes.
pub const MAX_REACH: usize = 16 * 1024;
/// How far before a keyword a match may begin, in bytes.
pub const MAX_BEFORE: usize = 512;
