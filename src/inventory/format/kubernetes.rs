//! Reads the images of Kubernetes objects
//! (<https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container>), in every YAML file that
//! has any: maps with an `apiVersion` and a `kind`. What only Helm can read is left alone.

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, image, name_of};
use crate::inventory::dependency::Scope;
use crate::inventory::reading::Reading;

pub(super) const FORMAT: Format = Format {
    id: "kubernetes",
    about: "objects of Kubernetes",
    role: Role::Content,
    wants: |path| [".yml", ".yaml"].iter().any(|end| name_of(path).ends_with(end)),
    read,
};

/// The lists of a pod that have containers in them.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let text = &reading.source.text;
    let begins = |key: &str| {
        text.starts_with(key) || memchr::memmem::find(text.as_bytes(), format!("\n{key}").as_bytes()).is_some()
    };
    if !(begins("apiVersion:") && begins("kind:")) || text.contains("{{") {
        return Ok(());
    }
    let documents = document::read_yaml(reading);
    for document in documents.iter().filter(|document| is_object(document)) {
        walk(reading, document);
    }
    Ok(())
}

fn is_object(tree: &Tree) -> bool {
    !tree.get("apiVersion").text().is_empty() && !tree.get("kind").text().is_empty()
}

/// Wherever pods are described: in workloads, in lists of objects, in resources of operators.
fn walk(reading: &mut Reading, tree: &Tree) {
    for member in tree.members() {
        if LISTS.contains(&&*member.key) {
            for container in member.value.items() {
                image::add(reading, container.get("image"), Scope::Runtime);
            }
        }
        walk(reading, &member.value);
    }
    for item in tree.items() {
        walk(reading, item);
    }
}
