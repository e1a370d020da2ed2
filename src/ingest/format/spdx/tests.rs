use crate::ingest::testing::read;

fn components(said: &crate::ingest::Ingested) -> Vec<String> {
    let line = |c: &crate::ingest::component::Component| {
        format!("{} {} {} {} {}", c.purl, c.name, c.version, c.licenses.join("|"), c.location)
    };
    said.components.iter().map(line).collect()
}

const PACKAGES: &str = r#"
  {"SPDXID":"SPDXRef-a","name":"shelf","versionInfo":"1","licenseConcluded":"NOASSERTION","licenseDeclared":"MIT",
   "sourceInfo":"acquired package info from rust cargo manifest: /Cargo.lock, /b/Cargo.lock",
   "externalRefs":[{"referenceType":"cpe23Type","referenceLocator":"cpe"},{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:cargo/shelf@1"}]},
  {"SPDXID":"SPDXRef-b","name":"book","versionInfo":null,"licenseConcluded":"ISC","externalRefs":null},
  {"SPDXID":"SPDXRef-DocumentRoot-Directory-.","name":"sub","primaryPackagePurpose":"FILE"}"#;

#[test]
fn json() {
    let document = format!(
        r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{PACKAGES},{{"versionInfo":"no name"}}],
        "relationships":[{{"spdxElementId":"SPDXRef-DOCUMENT","relatedSpdxElement":"SPDXRef-DocumentRoot-Directory-.",
         "relationshipType":"DESCRIBES"}}]}}"#
    );
    let said = read(document.as_str());
    let expected = ["pkg:cargo/shelf@1 shelf 1 MIT sub/Cargo.lock", " book  ISC packages"];
    assert_eq!(components(&said), expected);
    assert_eq!((said.findings.len(), said.gaps.len()), (0, 1));
    let exported = read(format!(
        r#"{{"sbom":{{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","documentDescribes":["SPDXRef-r"],
        "packages":[{{"SPDXID":"SPDXRef-r","name":"com.github.a/b"}},{PACKAGES}]}}}}"#
    ));
    assert_eq!(exported.components.len(), 2);
    assert!(exported.gaps.is_empty());
}

#[test]
fn packages_of_lockfiles() {
    let said = read(
        r#"{"spdxVersion":"SPDX-2.3","packages":[
        {"SPDXID":"SPDXRef-Application-1","name":"web/yarn.lock","primaryPackagePurpose":"APPLICATION"},
        {"SPDXID":"SPDXRef-Package-1","name":"shelf","versionInfo":"1","sourceInfo":"package found in: web/yarn.lock"},
        {"SPDXID":"SPDXRef-Package-2","name":"book","versionInfo":"2","sourceInfo":"built package from: book 2"}]}"#,
    );
    assert_eq!(components(&said), [" shelf 1  web/yarn.lock", " book 2  packages"]);
}

#[test]
fn containers() {
    let said = read(
        r#"{"spdxVersion":"SPDX-2.2","documentDescribes":["SPDXRef-i"],"packages":[
        {"SPDXID":"SPDXRef-i","name":"r/shop:1","primaryPackagePurpose":"CONTAINER",
         "externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:oci/shop@sha256%3Aabc"}]},
        {"SPDXID":"SPDXRef-m","name":"musl","versionInfo":"1",
         "externalRefs":[{"referenceType":"http://spdx.org/rdf/references/purl","referenceLocator":"pkg:apk/alpine/musl@1?arch=x"}]}]}"#,
    );
    assert_eq!(components(&said)[1], "pkg:apk/alpine/musl@1 musl 1  image/r/shop/packages");
}

#[test]
fn tags_and_values() {
    let said = read(
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n\n\
         ##### Package\nPackageName: shelf\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageLicenseConcluded: NOASSERTION\n\
         PackageLicenseDeclared: MIT\nPackageSourceInfo: <text>found in: /Cargo.lock</text>\n\
         PackageComment: <text>first\nPackageName: no package\nlast</text>\n\
         ExternalRef: PACKAGE-MANAGER purl pkg:cargo/shelf@1\n\nFileName: ./a\nSPDXID: SPDXRef-File\n\n\
         PackageName: root\nSPDXID: SPDXRef-r\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-r\n",
    );
    assert_eq!(components(&said), ["pkg:cargo/shelf@1 shelf 1 MIT Cargo.lock"]);
    assert!(said.gaps.is_empty(), "{:?}", said.gaps);
}

#[test]
fn the_graph_of_version_3() {
    let said = read(
        r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
        {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1"},
        {"type":"Relationship","spdxId":"r","from":"p1","to":["l"],"relationshipType":"hasDeclaredLicense"},
        {"type":"Relationship","from":"p2","to":["https://spdx.org/licenses/ISC"],"relationshipType":"hasConcludedLicense"},
        {"type":"software_Package","spdxId":"p1","name":"shelf","software_packageVersion":"1","software_packageUrl":"pkg:cargo/shelf@1"},
        {"type":"software_Package","spdxId":"p2","name":"book","externalIdentifier":[{"externalIdentifierType":"packageUrl","identifier":"pkg:npm/book@2"}]},
        {"type":"simplelicensing_LicenseExpression","spdxId":"l","simplelicensing_licenseExpression":"MIT"},
        {"type":"software_Package","spdxId":"root","name":"shop"},
        {"type":"software_Sbom","spdxId":"s","rootElement":["root"]},7]}"#,
    );
    assert_eq!(components(&said), ["pkg:cargo/shelf@1 shelf 1 MIT packages", "pkg:npm/book@2 book 2 ISC packages"]);
    assert_eq!(said.gaps.len(), 1, "{:?}", said.gaps);
}

#[test]
fn nothing_in_it() {
    for clean in [
        r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT"}"#,
        r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#,
        "SPDXVersion: SPDX-2.2\n",
    ] {
        let said = read(clean);
        assert_eq!((said.components.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
    }
}
