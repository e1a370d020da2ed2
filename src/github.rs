//! Speaks to GitHub: uploads SARIF, follows what becomes of it, dismisses and reopens alerts, keeps a comment.
//!
//! Everything goes through [`client::Client`], which waits and tries again where that helps; [`refusal`] is the list of
//! what GitHub refuses and what to change then.

pub mod address;
pub mod alert;
pub mod client;
pub mod comment;
pub mod destination;
pub mod dismissal;
pub mod event;
pub mod pace;
pub mod refusal;
pub mod token;
pub mod upload;

pub use address::{Address, Slug};
pub use client::{Client, Failure};
pub use destination::Destination;
pub use event::Event;
pub use pace::Pace;
pub use token::Token;
