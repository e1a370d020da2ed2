//! secrets
pub mod matcher;
pub mod template;
