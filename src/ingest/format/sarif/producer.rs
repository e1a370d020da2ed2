//! Defines [`Producer`]: which tool wrote a run, and what it looks for.

use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::map::Map;
use crate::text;

/// Which tool wrote a run.
pub(super) struct Producer {
    /// Its name as the run has it, printable.
    pub(super) name: String,
    /// Its name as sources have it, lower case, words joined by dashes.
    pub(super) tool: String,
    /// The kind of what it finds, where nothing of the result says better.
    pub(super) kind: Option<Kind>,
    /// What its words mean.
    pub(super) map: &'static Map,
}

/// Beginnings of names, lower case, the tool's id, and what it finds; `None` where that differs from result to result.
const PRODUCERS: [(&str, &str, Option<Kind>); 63] = [
    ("actionlint", "actionlint", Some(Kind::Config)),
    ("bandit", "bandit", Some(Kind::Code)),
    ("bearer", "bearer", Some(Kind::Code)),
    ("betterleaks", "betterleaks", Some(Kind::Secret)),
    ("brakeman", "brakeman", Some(Kind::Code)),
    ("bridgecrew", "checkov", None),
    ("cargo-audit", "cargo-audit", Some(Kind::Advisory)),
    ("cargo audit", "cargo-audit", Some(Kind::Advisory)),
    ("cargo-deny", "cargo-deny", Some(Kind::Advisory)),
    ("checkov", "checkov", None),
    ("cfn-lint", "cfn-lint", Some(Kind::Config)),
    ("codeql", "codeql", Some(Kind::Code)),
    ("credscan", "credscan", Some(Kind::Secret)),
    ("credentialscanner", "credscan", Some(Kind::Secret)),
    ("dependency-check", "dependency-check", Some(Kind::Advisory)),
    ("detect-secrets", "detect-secrets", Some(Kind::Secret)),
    ("devskim", "devskim", Some(Kind::Code)),
    ("docker scout", "docker-scout", Some(Kind::Advisory)),
    ("dockle", "dockle", Some(Kind::Config)),
    ("eslint", "eslint", Some(Kind::Code)),
    ("ggshield", "ggshield", Some(Kind::Secret)),
    ("gitguardian", "ggshield", Some(Kind::Secret)),
    ("gitleaks", "gitleaks", Some(Kind::Secret)),
    ("gosec", "gosec", Some(Kind::Code)),
    ("golangci", "golangci-lint", Some(Kind::Code)),
    ("govulncheck", "govulncheck", Some(Kind::Advisory)),
    ("grype", "grype", Some(Kind::Advisory)),
    ("hadolint", "hadolint", Some(Kind::Config)),
    ("horusec", "horusec", None),
    ("kics", "kics", Some(Kind::Config)),
    ("kingfisher", "kingfisher", Some(Kind::Secret)),
    ("kube-linter", "kube-linter", Some(Kind::Config)),
    ("kube-score", "kube-score", Some(Kind::Config)),
    ("kubescape", "kubescape", Some(Kind::Config)),
    ("mobsfscan", "mobsfscan", Some(Kind::Code)),
    ("njsscan", "njsscan", Some(Kind::Code)),
    ("noseyparker", "noseyparker", Some(Kind::Secret)),
    ("opengrep", "opengrep", Some(Kind::Code)),
    ("osv-scanner", "osv-scanner", Some(Kind::Advisory)),
    ("pip-audit", "pip-audit", Some(Kind::Advisory)),
    ("poutine", "poutine", Some(Kind::Config)),
    ("prowler", "prowler", Some(Kind::Config)),
    ("psalm", "psalm", Some(Kind::Code)),
    ("regula", "regula", Some(Kind::Config)),
    ("safety", "safety", Some(Kind::Advisory)),
    ("scorecard", "scorecard", Some(Kind::Config)),
    ("secretlint", "secretlint", Some(Kind::Secret)),
    ("semgrep", "semgrep", Some(Kind::Code)),
    ("shellcheck", "shellcheck", Some(Kind::Code)),
    ("snyk code", "snyk", Some(Kind::Code)),
    ("snykcode", "snyk", Some(Kind::Code)),
    ("snyk container", "snyk", Some(Kind::Advisory)),
    ("snyk iac", "snyk", Some(Kind::Config)),
    ("snyk infrastructure", "snyk", Some(Kind::Config)),
    ("snyk open source", "snyk", Some(Kind::Advisory)),
    ("snyk", "snyk", None),
    ("template analyzer", "template-analyzer", Some(Kind::Config)),
    ("terrascan", "terrascan", Some(Kind::Config)),
    ("tflint", "tflint", Some(Kind::Config)),
    ("tfsec", "tfsec", Some(Kind::Config)),
    ("trivy", "trivy", None),
    ("trufflehog", "trufflehog", Some(Kind::Secret)),
    ("zizmor", "zizmor", Some(Kind::Config)),
];

impl Default for Producer {
    fn default() -> Self {
        Self::named("an unnamed tool")
    }
}

impl Producer {
    /// The producer of a run.
    pub(super) fn of(run: &Value) -> Self {
        let name = run.pointer("/tool/driver/name").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        if name.is_empty() { Self::default() } else { Self::named(name) }
    }

    fn named(name: &str) -> Self {
        let lower = name.to_lowercase();
        let known = PRODUCERS.iter().find(|(begin, _, _)| lower.starts_with(begin));
        let words =
            || lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(4).collect::<Vec<_>>();
        let tool = known.map_or_else(|| words().join("-"), |(_, tool, _)| (*tool).to_owned());
        let tool = if tool.is_empty() { "sarif".to_owned() } else { tool.chars().take(40).collect() };
        let kind = known.map_or(Some(Kind::Code), |(_, _, kind)| *kind);
        Self { name: text::printable(name), map: Map::of(&tool), tool, kind }
    }

    /// A rule's id as the tool's other reports have it: Semgrep puts the path of the rule's file before it, which differs
    /// between machines.
    pub(super) fn stable<'i>(&self, id: &'i str) -> &'i str {
        match self.tool.as_str() {
            "semgrep" | "opengrep" => id.rsplit('.').next().unwrap_or(id),
            _ => id,
        }
    }

    /// The kinds that a run without results is about.
    pub(super) fn kinds(&self) -> &[Kind] {
        self.kind.as_slice()
    }
}
