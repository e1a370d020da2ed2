//! Defines [`Place`]: where GitLab's reports say that something is, which differs between the kinds of scan.

use serde::Deserialize;

use crate::finding::Location;
use crate::ingest::lenient;
use crate::ingest::out::Out;
use crate::ingest::place::image;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(deserialize_with = "lenient::number")]
    end_line: u32,
    #[serde(deserialize_with = "lenient::text")]
    class: String,
    #[serde(deserialize_with = "lenient::text")]
    method: String,
    #[serde(deserialize_with = "lenient::maybe")]
    dependency: Option<Dependency>,
    #[serde(deserialize_with = "lenient::text")]
    image: String,
    #[serde(deserialize_with = "lenient::text")]
    operating_system: String,
    #[serde(deserialize_with = "lenient::maybe")]
    kubernetes_resource: Option<Kubernetes>,
    #[serde(deserialize_with = "lenient::text")]
    hostname: String,
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(deserialize_with = "lenient::text")]
    crash_type: String,
    #[serde(deserialize_with = "lenient::maybe")]
    pub(super) commit: Option<Commit>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Commit {
    #[serde(deserialize_with = "lenient::text")]
    pub(super) sha: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) date: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dependency {
    #[serde(deserialize_with = "lenient::or_default")]
    package: Package,
    #[serde(deserialize_with = "lenient::text")]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kubernetes {
    #[serde(deserialize_with = "lenient::text")]
    namespace: String,
    #[serde(deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
}

impl Kubernetes {
    fn path(&self) -> String {
        let parts = [self.namespace.as_str(), &self.kind, &self.name];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }
}

impl Place {
    /// The file, or that of an entry from before there was a schema.
    pub(super) fn file<'a>(&'a self, old: &'a str) -> &'a str {
        if self.file.is_empty() { old } else { &self.file }
    }

    /// The name and the version of the package; both empty where it is about none.
    pub(super) fn package(&self) -> (&str, &str) {
        self.dependency.as_ref().map_or(("", ""), |told| (told.package.name.as_str(), told.version.as_str()))
    }

    /// The operating system of an image, such as `debian`; empty where there is none.
    pub(super) fn system(&self) -> &str {
        self.operating_system.split([':', ' ']).next().unwrap_or_default()
    }

    /// What in the file it is about: `Orders#show`, `Deployment/shop`; may be empty.
    pub(super) fn resource(&self) -> String {
        match (self.class.as_str(), self.hostname.as_str(), &self.kubernetes_resource) {
            (_, _, Some(resource)) => resource.path(),
            (_, host, _) if !host.is_empty() => String::new(),
            ("", ..) => self.method.clone(),
            (class, ..) if self.method.is_empty() => class.to_owned(),
            (class, ..) => format!("{class}#{}", self.method),
        }
    }

    /// Where it is: a file; `image/<name>/…` in an image, `cluster/…` in a cluster, `web/<host>/…` on a server; else
    /// what crashed.
    pub(super) fn location(&self, old_file: &str, old_line: u32, out: &Out) -> Location {
        let file = self.file(old_file);
        if !file.is_empty() {
            return out.lines(file, self.start_line.max(old_line), self.end_line);
        }
        let (package, _) = self.package();
        let packages = if package.is_empty() { "" } else { "/packages" };
        let path = match (&self.kubernetes_resource, self.image.as_str(), self.hostname.as_str()) {
            (Some(resource), ..) => format!("cluster/{}", resource.path()),
            (_, image_name, _) if !image_name.is_empty() => format!("{}{packages}", image(image_name)),
            (_, _, host) if !host.is_empty() => web(host, &self.path),
            _ if !self.crash_type.is_empty() => "fuzzing".to_owned(),
            _ => packages.to_owned(),
        };
        out.lines(&path, 0, 0)
    }
}

/// `https://shop.example:8080` and `/login?next=x` as `web/shop.example/login`: what changes from run to run is left out.
fn web(host: &str, path: &str) -> String {
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    format!("web/{host}/{}", path.trim_start_matches('/'))
}
