//! Trivy: vulnerabilities of every ecosystem, misconfiguration, secrets.

use std::time::Duration;

use super::{Preparation, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Gap, Sink};

/// Trivy as a layer.
pub static TRIVY: Spec = Spec {
    program: "trivy",
    about: "vulnerable packages and misconfiguration, by Trivy",
    kinds: &[Kind::Advisory, Kind::Config, Kind::Secret],
    install: "https://trivy.dev",
    prepare,
    good: &[0],
    format: "trivy",
    timeout: Duration::from_secs(15 * 60),
    environment: &["TRIVY_CACHE_DIR"],
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let mut scanners = vec!["misconfig", "secret"];
    let mut arguments: Vec<String> =
        ["fs", "--quiet", "--no-progress", "--format", "json", "--offline-scan"].map(str::to_owned).to_vec();
    arguments.extend(["--timeout".to_owned(), format!("{}s", TRIVY.timeout.as_secs())]);
    let has_database =
        context.options.trivy_cache.as_ref().is_some_and(|cache| cache.join("db/metadata.json").is_file());
    if context.options.offline {
        arguments.extend(
            ["--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-vex-repo-update"]
                .map(str::to_owned),
        );
    }
    if has_database || !context.options.offline {
        scanners.push("vuln");
    } else {
        sink.gap(
            Gap::unavailable("trivy has no vulnerability database on this machine, so it looked for the rest only")
                .hint("run it online once, or `trivy fs --download-db-only`"),
        );
    }
    arguments.extend(["--scanners".to_owned(), scanners.join(",")]);
    let place = context
        .target
        .scope
        .as_ref()
        .map_or_else(|| context.target.root.clone(), |scope| context.target.root.join(scope.as_str()));
    arguments.extend(["--".to_owned(), place.display().to_string()]);
    Preparation::Run(arguments)
}
