use crate::ingest::testing::{lines, read};

const JSON: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5",
 "vulnerabilities":[
  {"id":"CVE-2021-1","source":{"name":"NVD","url":"https://nvd.nist.gov/vuln/detail/CVE-2021-1"},
   "references":[{"id":"GHSA-aaaa-bbbb-cccc"}],
   "ratings":[{"source":{"name":"A"},"severity":"medium"},{"source":{"name":"B"},"severity":"high","score":8.1},
    {"severity":"unknown"}],
   "cwes":[79],"description":"Shelf trusts its books.","recommendation":"Upgrade shelf to 2.",
   "affects":[{"ref":"a"},{"ref":"urn:cdx:x/1#b"},{"ref":"c","versions":[{"version":"1","status":"unaffected"}]}]},
  {"id":"CVE-2021-2","analysis":{"state":"not_affected"},"affects":[{"ref":"a"}]},
  {"id":"CVE-2021-3","analysis":{"state":"exploitable"},"ratings":[{"score":"9.8"}],"affects":[{"ref":"pkg:npm/card@3"}]},
  {"id":"CVE-2021-4"}],
 "metadata":{"component":{"type":"application","name":"shop","version":"1"},"tools":{"components":[{"name":"x"}]}},
 "components":[
  {"bom-ref":"lock","type":"application","name":"web/package-lock.json","properties":[{"name":"aquasecurity:trivy:Class","value":"lang-pkgs"}]},
  {"bom-ref":"a","type":"library","group":"@scope","name":"shelf","version":"1.0","purl":"pkg:npm/%40scope/shelf@1.0",
   "licenses":[{"license":{"id":"MIT"}},{"license":{"name":"Odd"}},{"expression":"MIT OR ISC"}]},
  {"bom-ref":"b","type":"library","name":"book","version":"2","purl":"pkg:npm/book@2?x=y",
   "evidence":{"occurrences":[{"location":"lib/book.js"}]},
   "components":[{"type":"library","name":"page","version":"3","purl":"pkg:npm/page@3"}]},
  {"type":"file","name":"/etc/passwd"}],
 "dependencies":[{"ref":"lock","dependsOn":["a"]}]}"#;

fn components(said: &crate::ingest::Ingested) -> Vec<String> {
    said.components.iter().map(|c| format!("{} {} {}", c.purl, c.licenses.join("|"), c.location)).collect()
}

#[test]
fn json_with_vulnerabilities_before_the_components() {
    let said = read(JSON);
    assert!(said.gaps.is_empty(), "{:?}", said.gaps);
    assert_eq!(
        lines(&said),
        [
            "advisory/CVE-2021-1 high web/package-lock.json pkg:npm/%40scope/shelf@1.0: \
             @scope/shelf 1.0 is vulnerable: Shelf trusts its books",
            "advisory/CVE-2021-1 high lib/book.js pkg:npm/book@2: book 2 is vulnerable: Shelf trusts its books",
            "advisory/CVE-2021-3 critical packages pkg:npm/card@3: card 3 is vulnerable: CVE-2021-3",
            "advisory/CVE-2021-4 medium packages pkg:generic/shop@1: shop 1 is vulnerable: CVE-2021-4",
        ]
    );
    assert_eq!(said.findings[0].remedy.as_deref(), Some("Upgrade shelf to 2"));
    assert_eq!(said.findings[0].package.as_ref().unwrap().aliases, ["GHSA-aaaa-bbbb-cccc"]);
    assert_eq!(
        components(&said),
        [
            "pkg:npm/%40scope/shelf@1.0 MIT|Odd|MIT OR ISC web/package-lock.json",
            "pkg:npm/book@2  lib/book.js",
            "pkg:npm/page@3  packages",
        ]
    );
}

#[test]
fn images_and_folders() {
    let bom = |kind: &str, name: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.2","metadata":{{"component":{{"type":"{kind}","name":"{name}"}}}},
            "components":[{{"type":"library","name":"musl","purl":"pkg:apk/alpine/musl@1",
             "properties":[{{"name":"syft:location:0:path","value":"/lib/apk/db/installed"}}]}}]}}"#
        )
    };
    assert_eq!(components(&read(bom("container", "a:1"))), ["pkg:apk/alpine/musl@1  image/a/lib/apk/db/installed"]);
    assert_eq!(components(&read(bom("file", "sub"))), ["pkg:apk/alpine/musl@1  sub/lib/apk/db/installed"]);
}

#[test]
fn xml_of_new_and_old_schemas() {
    let new = read(
        r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><tools><components>
        <component><name>no</name></component></components></tools><component type="container"><name>shop:2</name></component></metadata>
        <components><component type="library" bom-ref="a"><group>org.example</group><name>shelf</name><version>1</version>
         <licenses><license><id>MIT</id></license><expression>ISC</expression></licenses><purl>pkg:maven/org.example/shelf@1</purl>
         <pedigree><ancestors><component><name>old</name></component></ancestors></pedigree></component></components>
        <vulnerabilities><vulnerability><id>CVE-2021-1</id><ratings><rating><source><name>NVD</name></source><score>9.8</score>
         <severity>critical</severity></rating></ratings><cwes><cwe>79</cwe></cwes><affects><target><ref>a</ref></target></affects></vulnerability>
         <vulnerability><id>CVE-2021-2</id><analysis><state>resolved</state></analysis><affects><target><ref>a</ref></target></affects></vulnerability>
        </vulnerabilities></bom>"#,
    );
    assert_eq!(
        lines(&new),
        ["advisory/CVE-2021-1 critical image/shop/packages pkg:maven/org.example/shelf@1: \
          org.example:shelf 1 is vulnerable: CVE-2021-1"]
    );
    assert_eq!(components(&new), ["pkg:maven/org.example/shelf@1 MIT|ISC image/shop/packages"]);
    let old = read(
        r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.2" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0"><components>
        <component type="library" bom-ref="pkg:npm/shelf@1"><name>shelf</name><version>1</version><purl>pkg:npm/shelf@1</purl>
        <v:vulnerabilities><v:vulnerability ref="pkg:npm/shelf@1"><v:id>CVE-2021-1</v:id><v:source name="NVD"><v:url>https://example.com</v:url></v:source>
         <v:ratings><v:rating><v:score><v:base>7.5</v:base></v:score><v:method>CVSSv3</v:method></v:rating></v:ratings>
        </v:vulnerability></v:vulnerabilities></component></components></bom>"#,
    );
    assert_eq!(lines(&old), ["advisory/CVE-2021-1 high packages pkg:npm/shelf@1: shelf 1 is vulnerable: CVE-2021-1"]);
}

#[test]
fn empty_damaged_and_hostile() {
    for clean in [
        r#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1}"#,
        r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components/></bom>"#,
    ] {
        let said = read(clean);
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
    }
    let cut = read(&JSON[..JSON.find("\"components\":[").unwrap()]);
    assert_eq!((cut.findings.len(), cut.gaps.len()), (4, 1), "{:?} {:?}", lines(&cut), cut.gaps);
    let odd = read(
        r#"{"bomFormat":"CycloneDX","specVersion":1.6,"metadata":null,"dependencies":{},"components":[{"name":null,"licenses":{}},7],
        "vulnerabilities":[{"id":null,"ratings":{},"affects":[{"ref":"x"}]},{"affects":null,"cwes":["CWE-79"]}]}"#,
    );
    assert_eq!(odd.findings.len(), 2, "{:?}", lines(&odd));
    let bomb = r#"<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5">&a;</bom>"#;
    let said = read(bomb);
    assert!(said.findings.is_empty() && said.gaps[0].message.contains("it defines entities"), "{:?}", said.gaps);
    let cut = read(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>"#);
    assert!(cut.gaps[0].message.contains("it is no XML from line 1 on"), "{:?}", cut.gaps);
    // A loop of dependencies ends.
    let turn = read(
        r#"{"bomFormat":"CycloneDX","components":[{"bom-ref":"a","name":"a"},{"bom-ref":"b","name":"b"}],
        "dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a"]}]}"#,
    );
    assert_eq!(turn.components.len(), 2);
}
