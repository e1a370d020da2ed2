//! Which built-in rules do what rules of gitleaks do, where the names differ.

/// The id in gitleaks, and those of the built-in rules, without `secret/`.
const NAMES: [(&str, &[&str]); 1] = [("generic-api-key", &["generic-secret"])];

/// The ids of the built-in rules that a rule of gitleaks or betterleaks stands for, without `secret/`; its own where no
/// other is known.
pub(super) fn ours(theirs: &str) -> Vec<&str> {
    NAMES.iter().find(|(name, _)| *name == theirs).map_or_else(|| vec![theirs], |(_, ours)| ours.to_vec())
}
