//! Defines [`Steps`]: how the name of a package becomes that of a module.

use regex::Regex;

/// Expressions and what stands in their place, one after another.
#[derive(Clone, Debug)]
pub(super) struct Steps(Vec<(Regex, String)>);

impl Steps {
    /// Reads `- -> _, ^py ->`: each step is an expression, an arrow between spaces, and what stands in its place. No steps
    /// leave a name as it is.
    ///
    /// # Errors
    /// A step has no arrow, or its expression is none: a sentence.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let step = |step: &str| {
            let (from, to) = step.split_once(" ->").ok_or_else(|| format!("`{step}` has no arrow"))?;
            Ok((Regex::new(from).map_err(|e| e.to_string())?, to.trim_start().to_owned()))
        };
        text.split(", ").filter(|part| !part.is_empty()).map(step).collect::<Result<_, String>>().map(Self)
    }

    /// A name after all steps.
    pub(super) fn apply(&self, name: &str) -> String {
        self.0.iter().fold(name.to_owned(), |name, (from, to)| from.replace_all(&name, to.as_str()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        let apply = |steps: &str, name: &str| Steps::new(steps).unwrap().apply(name);
        assert_eq!(apply("[-.] -> _", "a-b.c"), "a_b_c");
        assert_eq!(apply(".*/ -> , ^swift- -> , - ->", "x/swift-a-b"), "ab");
        assert_eq!(apply("", "a-b"), "a-b");
        assert!(Steps::new("a").is_err());
        assert!(Steps::new("( -> x").is_err());
    }
}
