use super::*;
use proptest::prelude::*;
use serde_json::json;

fn placed(run: &Value, address: &str, base: Option<&str>) -> Option<(String, Change)> {
    Bases::of(run, None).place(address, base).map(|place| (place.uri, place.change))
}

#[test]
fn addresses_become_paths() {
    let run = json!({});
    for (address, uri, change) in [
        ("src/a.py", "src/a.py", Change::None),
        ("a%20b/%5Bid%5D.tsx", "a%20b/%5Bid%5D.tsx", Change::None),
        ("a b", "a%20b", Change::Spelling),
        ("./src//a.py", "src/a.py", Change::Spelling),
        ("src\\a.py", "src/a.py", Change::Spelling),
        ("src/../a.py", "a.py", Change::Spelling),
        ("C#/a.cs", "C%23/a.cs", Change::Spelling),
        ("a.py#L3-L5", "a.py", Change::Spelling),
        ("../../etc/passwd", "etc/passwd", Change::Above),
        ("/requirements.txt", "requirements.txt", Change::Outside),
        ("file:///usr/lib/x.py", "usr/lib/x.py", Change::Outside),
        ("C:\\src\\a.py", "C/src/a.py", Change::Outside),
        ("file:///c:/src/a.py", "C/src/a.py", Change::Outside),
        ("file://src/a.py", "src/a.py", Change::Spelling),
        ("file:src/a.py", "src/a.py", Change::Spelling),
        ("git:service/a.py", "service/a.py", Change::Foreign),
        ("git::https:/github.com/o/r?ref=abc/main.tf", "https/github.com/o/r/main.tf", Change::Foreign),
        ("https://github.com/o/r/blob/main/src/a.py#L3", "src/a.py", Change::Foreign),
        ("https://example.com/a?b", "https/example.com/a", Change::Foreign),
        ("image:alpine:3.20/lib/apk", "image/alpine/lib/apk", Change::Foreign),
        ("docker://ghcr.io/o/app@sha256:0123/etc/x", "docker/ghcr.io/o/app/etc/x", Change::Foreign),
        ("debian:12/openssl", "debian/12/openssl", Change::Foreign),
        ("pkg:npm/@scope/name@1.2.3", "pkg/npm/@scope/name", Change::Foreign),
    ] {
        assert_eq!(placed(&run, address, None), Some((uri.to_owned(), change)), "{address}");
    }
    for address in ["", " ", ".", "/", "./", "file:///", "a/.."] {
        assert_eq!(placed(&run, address, None), None, "{address}");
    }
}

#[test]
fn bases_are_resolved() {
    let run = json!({
        "originalUriBaseIds": {
            "SRCROOT": {"uri": "file:///home/me/my%20repo/"},
            "BUILD": {"uri": "build/", "uriBaseId": "SRCROOT"},
            "LIB": {"uri": "lib"},
            "LOOP": {"uri": "a/", "uriBaseId": "LOOP"},
            "ROOTPATH": {"uri": "file:///"},
        },
        "invocations": [{"workingDirectory": {"uri": "file:///home/me/my%20repo/sub"}}],
    });
    for (address, base, uri) in [
        ("a.py", Some("SRCROOT"), "a.py"),
        ("a.o", Some("BUILD"), "build/a.o"),
        ("a.py", Some("LIB"), "lib/a.py"),
        ("a.py", Some("unknown"), "a.py"),
        ("home/me/my%20repo/x.py", Some("ROOTPATH"), "x.py"),
        ("file:///home/me/my%20repo/sub/x.py", None, "sub/x.py"),
        ("file:///home/me/my%20repo/sub/x.py", Some("SRCROOT"), "sub/x.py"),
        ("/home/me/my repo/x y.py", None, "x%20y.py"),
    ] {
        assert_eq!(placed(&run, address, base).map(|(uri, _)| uri).as_deref(), Some(uri), "{address} {base:?}");
    }
    assert!(placed(&run, "x", Some("LOOP")).is_some_and(|(uri, _)| uri.ends_with("a/x")));
}

#[cfg(unix)]
#[test]
fn the_checkout_says_what_is_meant_and_is_never_left() {
    let folder = std::env::temp_dir().join(format!("scanall-sarif-place-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("src/a.py"), "x\n").unwrap();
    std::fs::write(folder.join("odd:name"), "x\n").unwrap();
    std::os::unix::fs::symlink("src/a.py", folder.join("link.py")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.join("out")).unwrap();
    let root = Root::open(&folder).unwrap();
    let run = json!({});
    let bases = Bases::of(&run, Some(&root));
    let absolute = format!("file://{}/src/a.py", folder.canonicalize().unwrap().display());
    for (address, uri, change) in [
        ("link.py", "src/a.py", Change::Link),
        (&absolute, "src/a.py", Change::Relative),
        ("/github/workspace/src/a.py", "src/a.py", Change::Relative),
        ("odd:name", "odd%3Aname", Change::Spelling),
        ("out/passwd", "out/passwd", Change::None),
    ] {
        let place = bases.place(address, None).unwrap();
        assert_eq!((place.uri.as_str(), place.change), (uri, change), "{address}");
    }
    assert_eq!(root.line_hash(b"out/passwd", 1), None);
    assert_eq!(root.line_hash(b"../x", 1), None);
    assert!(root.line_hash(b"link.py", 1).is_some());
    std::fs::remove_dir_all(folder).unwrap();
}

proptest! {
    #[test]
    fn whatever_is_written_becomes_a_path_that_stays(address in "\\PC{0,30}|[a-zC:/\\\\.%25@#? é]{0,20}|(git|image|file|https):[a-z:/@.%]{0,16}") {
        let run = json!({});
        if let Some((uri, _)) = placed(&run, &address, None) {
            prop_assert!(uri::is_reference(&uri), "{}", uri);
            prop_assert!(uri.split('/').all(|part| !matches!(part, "" | "." | "..")), "{}", uri);
            prop_assert_eq!(placed(&run, &uri, None), Some((uri, Change::None)));
        }
    }
}
