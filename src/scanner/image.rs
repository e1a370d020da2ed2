//! The layer of `--image`: a container image, through Trivy, or through Grype where that is what is there.

use std::path::Path;
use std::time::Duration;

use super::tool::spec::{Network, Preparation, Prepare, Spec};
use super::tool::{Tool, trivy};
use super::{Context, Gap, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::{Finding, Kind, Location, RepoPath};
use crate::ingest::place;

/// The layer that looks into a container image. Findings are under `image/<name>/`, without the tag, so that an alert
/// stays the same alert from one build to the next.
pub struct Image;

/// The layer's id.
pub const ID: &str = "image";
const KINDS: &[Kind] = &[Kind::Advisory, Kind::Secret];
/// Where the programs of containers say that they are.
const ENVIRONMENT: &[&str] =
    &["TRIVY_CACHE_DIR", "GRYPE_DB_CACHE_DIR", "DOCKER_HOST", "DOCKER_CONFIG", "CONTAINER_HOST", "XDG_RUNTIME_DIR"];
/// An image has to be fetched first.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

static TRIVY: Spec = Spec {
    name: ID,
    programs: &["trivy"],
    kinds: KINDS,
    install: "https://trivy.dev",
    oldest: "0.54.0",
    network: Network::Updates("the registry of the image, and mirror.gcr.io for its databases"),
    database: Some(trivy::database),
    prepare: Prepare::Decide(by_trivy),
    format: "trivy",
    environment: ENVIRONMENT,
    timeout: TIMEOUT,
    usual: 60,
    ..Spec::PLAIN
};

static GRYPE: Spec = Spec {
    name: ID,
    programs: &["grype"],
    kinds: KINDS,
    install: "https://github.com/anchore/grype",
    network: Network::Updates("the registry of the image, and grype.anchore.io for its database"),
    prepare: Prepare::Decide(by_grype),
    format: "grype",
    environment: ENVIRONMENT,
    set: &[("GRYPE_CHECK_FOR_APP_UPDATE", "false")],
    set_offline: &[("GRYPE_DB_AUTO_UPDATE", "false")],
    timeout: TIMEOUT,
    usual: 60,
    ..Spec::PLAIN
};

impl Scanner for Image {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "vulnerable packages and credentials in a container image"
    }

    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }

    fn plan(&self, context: &Context) -> Plan {
        match context.options.image {
            Some(_) => Plan::Run,
            None => Plan::Skip("no image is named".to_owned()),
        }
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let tool = tool(context)?;
        match context.options.image.as_deref().and_then(saved) {
            Some(file) => tool.scan(context, &Renamed { from: place::image(&file), to: named(&file), sink }),
            None => tool.scan(context, sink),
        }
    }
}

/// Takes the folder out of where findings in a saved image are: it is of this machine.
struct Renamed<'a> {
    from: String,
    to: String,
    sink: &'a dyn Sink,
}

impl Renamed<'_> {
    fn rename(&self, location: &mut Location) {
        let rest =
            location.path.as_str().strip_prefix(&self.from).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(rest) = rest {
            location.path = RepoPath::new(format!("{}{rest}", self.to));
        }
    }
}

impl Sink for Renamed<'_> {
    fn finding(&self, mut finding: Finding) {
        self.rename(&mut finding.location);
        finding.related.iter_mut().for_each(|location| self.rename(location));
        self.sink.finding(finding);
    }

    fn gap(&self, gap: Gap) {
        self.sink.gap(gap);
    }

    fn note(&self, note: String) {
        self.sink.note(note);
    }

    fn expect(&self, units: u64) {
        self.sink.expect(units);
    }

    fn advance(&self, units: u64) {
        self.sink.advance(units);
    }
}

/// The folder of findings in a saved image: the name of its file without what says how it is packed.
fn named(file: &str) -> String {
    let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
    let packed = [".tar.gz", ".tgz", ".tar"].into_iter().find_map(|end| name.strip_suffix(end));
    format!("image/{}", packed.filter(|name| !name.is_empty()).unwrap_or(&name))
}

/// The program that looks into images.
///
/// # Errors
/// None is installed, or the name is none of an image.
pub fn tool(context: &Context) -> Result<Tool, Error> {
    let name = context.options.image.as_deref().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_graphic();
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_plain) {
        return Err(Error::usage(format!("`{}` is no name of an image", crate::text::printable(name)))
            .hint("write it as for docker pull, such as ghcr.io/shop/web:1.2, or name a file of docker save"));
    }
    [&TRIVY, &GRYPE].into_iter().map(Tool).find(|tool| tool.locate(context).is_some()).ok_or_else(|| {
        Error::usage("--image needs Trivy or Grype, and neither is installed")
            .hint(format!("install one: {} or {}", TRIVY.install, GRYPE.install))
    })
}

/// The file of an image that was saved to one, absolute since programs run in another folder.
fn saved(name: &str) -> Option<String> {
    let path = Path::new(name).canonicalize().ok().filter(|path| path.is_file())?;
    Some(path.display().to_string())
}

fn by_trivy(context: &Context, sink: &dyn Sink) -> Preparation {
    let name = context.options.image.clone().unwrap_or_default();
    let mut arguments = trivy::arguments("image", &["secret"], context, sink);
    match saved(&name) {
        Some(file) => arguments.extend(["--input".to_owned(), file]),
        None => {
            if context.options.offline {
                // What is on this machine, and no registry.
                arguments.extend(["--image-src", "docker,containerd,podman"].map(str::to_owned));
            }
            arguments.extend(["--".to_owned(), name]);
        }
    }
    Preparation::Run(arguments)
}

fn by_grype(context: &Context, _: &dyn Sink) -> Preparation {
    let name = context.options.image.clone().unwrap_or_default();
    let source = match saved(&name) {
        Some(file) => format!("docker-archive:{file}"),
        // What is on this machine, and no registry.
        None if context.options.offline => format!("docker:{name}"),
        None => name,
    };
    Preparation::Run(["--quiet", "--output", "json", "--", &source].map(str::to_owned).to_vec())
}
