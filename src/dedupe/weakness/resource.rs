//! Whether two findings of configuration name the same resource.

use crate::finding::Finding;

/// Whether they name the same one; `None` when not both name one.
///
/// Tools write `aws_s3_bucket.logs`, `module.store.aws_s3_bucket.logs[0]`, `logs`; `Deployment.default.shop`,
/// `Deployment/shop`. What they share is the last part.
pub(super) fn agree(a: &Finding, b: &Finding) -> Option<bool> {
    Some(name(a)?.eq_ignore_ascii_case(name(b)?))
}

/// The last part of a resource's name; `None` when it names none, or only the file that it is in.
fn name(finding: &Finding) -> Option<&str> {
    let resource = finding.resource.as_deref()?.trim();
    let (_, file) = crate::dedupe::place::split(finding.location.path.as_str());
    let is_file = !file.is_empty() && resource.trim_start_matches('/').contains(file);
    let resource = resource.split('[').next().unwrap_or_default();
    resource.rsplit(['.', '/', ':']).find(|part| !part.is_empty()).filter(|_| !is_file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::tests::config;

    #[test]
    fn the_last_part_names_a_resource() {
        let same = |a: Option<&str>, b: Option<&str>| agree(&config("trivy", "a", a), &config("checkov", "b", b));
        assert_eq!(same(Some("aws_s3_bucket.logs"), Some("module.x.aws_s3_bucket.logs[0]")), Some(true));
        assert_eq!(same(Some("Deployment.default.shop"), Some("Deployment/shop")), Some(true));
        assert_eq!(same(Some("aws_s3_bucket.logs"), Some("aws_s3_bucket.data")), Some(false));
        assert_eq!(same(None, Some("x")), None);
        assert_eq!(same(Some("/main.tf.USER"), Some("x")), None);
    }
}
