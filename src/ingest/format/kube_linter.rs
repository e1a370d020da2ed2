//! KubeLinter's JSON: Kubernetes objects and Helm charts.
//!
//! `kube-linter lint --format json` (<https://docs.kubelinter.io/#/using-kubelinter>). It gives no severity and no line; an
//! object that an annotation excepts is not in it.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::Out;

/// KubeLinter's JSON.
pub static FORMAT: Format = Format {
    id: "kube-linter",
    name: "KubeLinter JSON",
    tool: "kube-linter",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[
            &["Reports[].Diagnostic", "Reports[].Check"],
            &["Reports", "Summary.ChecksStatus"],
            &["Checks", "Reports"],
        ],
        records: &["Reports[]"],
        reader: || Box::new(KubeLinter),
    },
};

struct KubeLinter;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Report {
    #[serde(deserialize_with = "lenient::text")]
    check: String,
    #[serde(deserialize_with = "lenient::text")]
    remediation: String,
    #[serde(deserialize_with = "lenient::or_default")]
    diagnostic: Diagnostic,
    #[serde(deserialize_with = "lenient::or_default")]
    object: Object,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Diagnostic {
    #[serde(deserialize_with = "lenient::text")]
    message: String,
}

/// The object, without its text, which may hold credentials.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Object {
    #[serde(deserialize_with = "lenient::or_default")]
    metadata: Metadata,
    #[serde(deserialize_with = "lenient::or_default")]
    k8s_object: Kubernetes,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Metadata {
    #[serde(deserialize_with = "lenient::text")]
    file_path: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Kubernetes {
    #[serde(deserialize_with = "lenient::text")]
    namespace: String,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::or_default")]
    group_version_kind: GroupVersionKind,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct GroupVersionKind {
    #[serde(deserialize_with = "lenient::text")]
    kind: String,
}

impl Reader for KubeLinter {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let report: Report = record.parse()?;
        let Kubernetes { namespace, name, group_version_kind: GroupVersionKind { kind } } = &report.object.k8s_object;
        let parts = [namespace, kind, name].map(String::as_str);
        let finding = Check {
            kind: Kind::Config,
            id: &report.check,
            title: "",
            message: &report.diagnostic.message,
            description: "",
            help: &report.remediation,
            url: "https://docs.kubelinter.io/#/generated/checks",
            cwe: Vec::new(),
            severity: out.severity(""),
            confidence: Confidence::High,
            location: out.lines(&report.object.metadata.file_path, 0, 0),
            excerpt: None,
            resource: &parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"),
        }
        .finding(out);
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn reports_name_objects() {
        let said = read(
            r#"{"Checks":[{"name":"latest-tag"}],"Reports":[{"Diagnostic":{"Message":"image is latest"},"Check":"latest-tag","Remediation":"Name a version.",
 "Object":{"Metadata":{"FilePath":"deploy/pod.yaml","Raw":"c2FuZA=="},"K8sObject":{"Namespace":"shop","Name":"till","GroupVersionKind":{"Group":"apps","Version":"v1","Kind":"Deployment"}}}},
 {"Diagnostic":null,"Check":"other","Object":null}],"Summary":{"ChecksStatus":"Failed"}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/unpinned-image low deploy/pod.yaml: image is latest",
                "config/kube-linter/other medium kube-linter-report: Other",
            ]
        );
        assert_eq!(said.findings[0].resource.as_deref(), Some("shop/Deployment/till"));
        let clean = read(r#"{"Checks":[],"Reports":null,"Summary":{"ChecksStatus":"Passed"}}"#);
        assert!(clean.gaps.is_empty() && clean.notes == ["`report`: KubeLinter JSON, 0 findings"]);
    }
}
