//! scanners
pub mod secrets;
