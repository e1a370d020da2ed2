//! The audits of JavaScript's package managers. Each runs on copies of the manifest and the lockfile alone: a project's
//! `.npmrc`, `.yarnrc`, `.pnpmfile.cjs` or workspace file may name another registry, or code to run. What the user has
//! in the home counts. The version of a package manager that the manifest asks for is not fetched.

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

const REGISTRY: Network = Network::Always("the registry of packages, for advisories");
const ABOUT_PACKAGES: &[Kind] = &[Kind::Advisory];
/// What the manifest may not decide.
const SET: &[(&str, &str)] = &[
    ("COREPACK_ENABLE_PROJECT_SPEC", "0"),
    ("COREPACK_ENABLE_STRICT", "0"),
    // Corepack would fetch a package manager where it has none.
    ("COREPACK_ENABLE_NETWORK", "0"),
    ("npm_config_ignore_scripts", "true"),
    ("npm_config_update_notifier", "false"),
    ("npm_config_manage_package_manager_versions", "false"),
    ("pnpm_config_manage_package_manager_versions", "false"),
];

/// `npm audit` as a layer.
pub static NPM: Spec = Spec {
    name: "npm-audit",
    programs: &["npm"],
    about: "vulnerable packages of package-lock.json, by npm",
    kinds: ABOUT_PACKAGES,
    install: "https://nodejs.org",
    oldest: "6.0.0",
    wanted: &["package-lock.json", "npm-shrinkwrap.json"],
    network: REGISTRY,
    prepare: Prepare::Decide(npm),
    copied: &["package.json", "package-lock.json", "npm-shrinkwrap.json"],
    // 1 is also how it says that it failed, in the report.
    good: &[0, 1],
    format: "npm-audit",
    set: SET,
    ..Spec::PLAIN
};

/// `pnpm audit` as a layer.
pub static PNPM: Spec = Spec {
    name: "pnpm-audit",
    programs: &["pnpm"],
    about: "vulnerable packages of pnpm-lock.yaml, by pnpm",
    install: "https://pnpm.io",
    wanted: &["pnpm-lock.yaml"],
    prepare: Prepare::Decide(pnpm),
    copied: &["package.json", "pnpm-lock.yaml"],
    format: "pnpm-audit",
    ..NPM
};

/// `yarn audit` as a layer.
pub static YARN: Spec = Spec {
    name: "yarn-audit",
    programs: &["yarn"],
    about: "vulnerable packages of yarn.lock, by Yarn",
    install: "https://yarnpkg.com",
    oldest: "1.12.0",
    wanted: &["yarn.lock"],
    prepare: Prepare::Decide(yarn),
    copied: &["package.json", "yarn.lock"],
    // Before version 2 a bit for each severity: https://classic.yarnpkg.com/en/docs/cli/audit#toc-yarn-audit
    good: &[
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31,
    ],
    format: "yarn-audit",
    ..NPM
};

fn npm(context: &Context, _: &dyn Sink) -> Preparation {
    let has_other = super::wanted::is_at_root("npm-shrinkwrap.json", context);
    let lockfile = if has_other { "npm-shrinkwrap.json" } else { "package-lock.json" };
    run(context, lockfile, "npm audit", &["audit", "--json", "--package-lock-only"])
}

fn pnpm(context: &Context, _: &dyn Sink) -> Preparation {
    run(context, "pnpm-lock.yaml", "pnpm audit", &["audit", "--json"])
}

fn yarn(context: &Context, _: &dyn Sink) -> Preparation {
    // Since version 2 the lockfile is YAML, and the command another.
    let place = super::wanted::place(context).join("yarn.lock");
    let is_newer = std::fs::read_to_string(place).is_ok_and(|text| text.contains("\n__metadata:"));
    let words: &[&str] =
        if is_newer { &["npm", "audit", "--all", "--recursive", "--json"] } else { &["audit", "--json"] };
    run(context, "yarn.lock", "yarn audit", words)
}

fn run(context: &Context, lockfile: &str, program: &str, words: &[&str]) -> Preparation {
    for needed in [lockfile, "package.json"] {
        if let Some(reason) = super::wanted::not_at_root(needed, program, context) {
            return Preparation::Skip(reason);
        }
    }
    Preparation::Run(words.iter().map(|word| (*word).to_owned()).collect())
}
