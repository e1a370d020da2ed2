//! Maven artifacts: the poms that Maven and Gradle have fetched, with their parents.

use super::place::{Folder, Place, Text};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf, xml};
use crate::inventory::Dependency;
use crate::license::normalize::{Meaning, normalize};

/// No pom has more parents above each other.
const MAX_PARENTS: usize = 16;

struct Maven {
    repositories: Vec<Folder>,
    caches: Vec<Folder>,
}

/// What a pom says.
struct Pom {
    licenses: Vec<String>,
    /// Group, artifact and version of the parent.
    parent: Option<[String; 3]>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let open = |homes: &[std::path::PathBuf], title| homes.iter().filter_map(|home| Place::open(home, title)).collect();
    Box::new(Maven {
        repositories: open(&around.homes.maven, "maven repository"),
        caches: open(&around.homes.gradle, "gradle cache"),
    })
}

impl Shelf for Maven {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let (group, artifact) = package.name.split_once(':')?;
        let first = self.pom(group, artifact, &package.version)?;
        let mut text = first.clone();
        for _ in 0..MAX_PARENTS {
            let Some(pom) = read(&text.text) else { break };
            if !pom.licenses.is_empty() {
                // The POM reference: of several, whoever uses it may choose.
                return Some(Sheet::declared(pom.licenses, Join::Any, &text, &["license>"]));
            }
            let Some([group, artifact, version]) = pom.parent else { break };
            let Some(above) = self.pom(&group, &artifact, &version) else { break };
            text = above;
        }
        Some(Sheet::declared(Vec::new(), Join::Any, &first, &[]))
    }
}

impl Maven {
    fn pom(&self, group: &str, artifact: &str, version: &str) -> Option<Text> {
        let file = format!("{artifact}-{version}.pom");
        let path = format!("{}/{artifact}/{version}", group.replace('.', "/"));
        let fetched = self.repositories.iter().find_map(|repository| repository.at(&path)?.read(&file));
        fetched.or_else(|| {
            // Gradle puts each file in a folder named after its hash.
            let path = format!("{group}/{artifact}/{version}");
            let folders = self.caches.iter().filter_map(|cache| cache.at(&path));
            folders.into_iter().find_map(|folder| folder.folders().find_map(|hash| folder.at(&hash)?.read(&file)))
        })
    }
}

fn read(text: &str) -> Option<Pom> {
    let document = xml::parse(text)?;
    let project = document.root_element();
    let licenses = xml::children(project, "licenses").flat_map(|all| all.children()).filter_map(|license| {
        let [name, url] = ["name", "url"].map(|key| xml::text(license, key));
        // A name that nobody knows may have an address that everybody does.
        let is_known = |said: &&str| normalize(said).meaning == Meaning::License;
        name.filter(is_known).or(url.filter(is_known)).or(name).or(url).map(str::to_owned)
    });
    let parent = xml::children(project, "parent").next().and_then(|parent| {
        let text = |key| xml::text(parent, key).map(str::to_owned);
        Some([text("groupId")?, text("artifactId")?, text("version")?])
    });
    Some(Pom { licenses: licenses.take(100).collect(), parent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pom() {
        let pom = read(
            "<project xmlns='http://maven.apache.org/POM/4.0.0'>\n<parent><groupId>g</groupId><artifactId>a</artifactId>\
             <version>1</version></parent>\n<licenses>\n<license><name>Nobody's</name>\
             <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url></license><license><name>MIT License</name></license>\
             </licenses></project>",
        )
        .unwrap();
        assert_eq!(pom.licenses, ["https://www.apache.org/licenses/LICENSE-2.0.txt", "MIT License"]);
        assert_eq!(pom.parent.unwrap(), ["g", "a", "1"]);
        assert!(read("<!DOCTYPE x [<!ENTITY a 'b'>]><project/>").is_none());
        assert!(read("<project><licenses/></project>").unwrap().licenses.is_empty());
    }
}
