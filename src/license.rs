//! Licenses: the texts, the names, the expressions and the policy.
//!
//! | module | what it answers |
//! | --- | --- |
//! | [`text`] | which licenses a text holds |
//! | [`normalize`](mod@normalize) | which licenses a string such as `Apache 2` or a URL means |
//! | [`expression`] | what an SPDX expression says, and whether it is satisfied |
//! | [`category`] | what kind of license an id is |
//! | [`policy`] | whether a project accepts it |
//! | [`mismatch`](mod@mismatch) | whether what is declared and what is found contradict each other |
//! | [`sources`] | which license each dependency has, and who says so |

pub mod category;
pub mod expression;
pub mod id;
pub mod mismatch;
pub mod normalize;
pub mod policy;
pub mod sources;
pub mod text;

pub use expression::Expression;
pub use mismatch::mismatch;
pub use normalize::normalize;
