//! Reads the images that GitLab's pipelines run in (<https://docs.gitlab.com/ci/yaml/#image>).

use super::document::Tree;
use super::{Format, Role, Unreadable, document, image, name_of};
use crate::inventory::dependency::Scope;
use crate::inventory::reading::Reading;

pub(super) const FORMAT: Format = Format {
    id: "gitlab-ci",
    about: "pipelines of GitLab",
    role: Role::Alone,
    wants: |path| name_of(path).ends_with(".gitlab-ci.yml") || name_of(path).ends_with(".gitlab-ci.yaml"),
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    for document in &documents {
        images(reading, document);
        for job in document.members() {
            images(reading, &job.value);
        }
    }
    Ok(())
}

/// `image` and `services` of a job: names, or maps that have one.
fn images(reading: &mut Reading, job: &Tree) {
    for value in std::iter::once(job.get("image")).chain(job.get("services").items()) {
        let name = if value.is_map() { value.get("name") } else { value };
        image::add(reading, name, Scope::Build);
    }
}
