//! Reads the images of the services of Compose files (<https://docs.docker.com/reference/compose-file/services/#image>).

use super::{Format, Role, Unreadable, document, image, name_of};
use crate::finding::RepoPath;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::Reading;

pub(super) const FORMAT: Format =
    Format { id: "compose", about: "Compose files", role: Role::Alone, wants: is_compose, read };

/// `compose.yaml`, `docker-compose.yml`, and those for one occasion: `docker-compose.prod.yml`.
fn is_compose(path: &RepoPath) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    ["compose", "docker-compose", "podman-compose"]
        .iter()
        .any(|word| stem.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])))
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    for document in &documents {
        // The first version of the format had the services beside each other.
        let services = document.get("services");
        let services = if services.is_null() { document } else { services };
        for service in services.members() {
            let image = service.value.get("image");
            // What is built here as well is named so, not taken from elsewhere.
            if !image.is_null() && service.value.get("build").is_null() {
                image::add(reading, image, Scope::Runtime);
            }
        }
    }
    Ok(())
}
