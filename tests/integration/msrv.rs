//! The stated minimum Rust version holds for every dependency. That our own code keeps to it is clippy's business
//! (`incompatible_msrv`, denied in CI).

use std::process::Command;

use serde_json::Value;

use crate::environment::ROOT;

#[test]
fn no_dependency_needs_a_newer_rust() {
    // Only what this machine builds is sure to be downloaded.
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(rustc.stdout).unwrap();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let version = |text: &str| text.split('.').map(|part| part.parse().unwrap()).collect::<Vec<u32>>();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = packages.iter().find(|p| p["name"] == "scanall").unwrap()["rust_version"].as_str().unwrap();
    let too_new: Vec<String> = packages
        .iter()
        .filter_map(|p| Some((p["name"].as_str()?, p["rust_version"].as_str()?)))
        .filter(|(_, needed)| version(needed) > version(&format!("{ours}.0")))
        .map(|(name, needed)| format!("{name} needs {needed}"))
        .collect();
    assert!(too_new.is_empty(), "the stated version is {ours}, but {too_new:?}");
}
