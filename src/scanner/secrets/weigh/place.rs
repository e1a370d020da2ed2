//! What the path of a file tells of whether a value in it is a credential.

use crate::finding::Assessment;

/// Parts of paths of what only tries or shows something.
const TRIES: [&str; 22] = [
    "test",
    "tests",
    "spec",
    "specs",
    "__tests__",
    "testdata",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "docs",
    "doc",
    "tutorial",
    "benchmarks",
    "e2e",
    "cassettes",
];

/// Endings of files that show something, are made by programs, or hold words of a language.
const LIKELY_NOT: [(&str, i32, &str); 24] = [
    (".md", -20, "a document"),
    (".rst", -20, "a document"),
    (".adoc", -20, "a document"),
    (".html", -20, "a page"),
    (".htm", -20, "a page"),
    (".ipynb", -10, "a notebook"),
    (".example", -25, "an example"),
    (".sample", -25, "an example"),
    (".template", -25, "a template"),
    (".tmpl", -25, "a template"),
    (".dist", -25, "an example"),
    (".lock", -40, "a lockfile"),
    (".sum", -40, "a lockfile"),
    ("package-lock.json", -40, "a lockfile"),
    ("pnpm-lock.yaml", -40, "a lockfile"),
    (".min.js", -30, "made by a program"),
    (".map", -30, "made by a program"),
    (".svg", -40, "a picture"),
    (".css", -40, "a style sheet"),
    (".po", -40, "a translation"),
    (".pot", -40, "a translation"),
    (".xlf", -40, "a translation"),
    (".strings", -25, "a translation"),
    (".snap", -25, "a snapshot of a test"),
];

/// Names and endings of files that are made to hold credentials or settings.
const LIKELY: [&str; 26] = [
    ".env",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".npmrc",
    ".htpasswd",
    ".tfvars",
    ".properties",
    "credentials",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "settings.xml",
    "wp-config.php",
    "web.config",
    "app.config",
    ".ini",
    ".cfg",
    ".conf",
    "config.json",
    "appsettings.json",
    "application.yml",
    "application.yaml",
    "database.yml",
    ".cnf",
    "docker-compose.yml",
];

/// No path says more for a credential.
pub(in crate::scanner::secrets) const MOST: i32 = 15;

/// Adds what a path says.
pub(in crate::scanner::secrets) fn weigh(path: &str, assessment: &mut Assessment) {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or_default();
    let is_try = |part: &str| {
        TRIES.contains(&part) || part.ends_with("_test") || part.ends_with("-test") || part.starts_with("test_")
    };
    if let Some((_, points, what)) = LIKELY_NOT.iter().find(|(ending, ..)| name.ends_with(ending)) {
        assessment.add(*points, format!("the file is {what}"));
    } else if LIKELY.iter().any(|known| name.ends_with(known) || *known == ".env" && name.starts_with(".env")) {
        assessment.add(MOST, "such files hold settings and credentials");
    }
    if folders.split('/').any(is_try)
        || is_try(stem)
        || name.contains(".test.")
        || name.contains(".spec.")
        || stem == "readme"
    {
        assessment.add(-25, "the file is a test or shows something");
    }
    if folders.split('/').any(|part| ["i18n", "locale", "locales", "lang", "translations"].contains(&part)) {
        assessment.add(-40, "the file holds words of a language");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let points = |path: &str| {
            let mut assessment = Assessment::default();
            weigh(path, &mut assessment);
            assessment.score()
        };
        assert!(points("app/.env.production") > 0 && points("deploy/prod.tfvars") > 0);
        assert!(points("tests/login.py") < 0 && points("src/login_test.go") < 0 && points("README.md") < 0);
        assert!(points("web/i18n/de.json") < 0 && points("yarn.lock") < 0 && points("src/main.rs") == 0);
    }
}
