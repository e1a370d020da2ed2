//! Defines [`Requirements`]: a file that names Python packages, read so far that programs can be given it
//! (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).

use crate::ecosystem::Ecosystem;
use crate::finding::{Finding, Location, RepoPath};
use crate::ingest::out::lines;
use crate::ingest::scanned::PYTHON;
use crate::scanner::Context;
use crate::target::worktree::File;

/// What such files are called.
pub(super) const WANTED: &[&str] = &["requirements*.txt", "requirements/*.txt"];
/// No more files are given to a program.
const MOST_FILES: usize = 100;

/// A file that names Python packages.
pub(super) struct Requirements {
    pub(super) path: RepoPath,
    /// Every package is named with the one version that is wanted, and nothing else is said: no option, no other file.
    pub(super) is_pinned: bool,
    pins: Vec<Pin>,
}

struct Pin {
    name: String,
    version: String,
    /// From 1.
    line: u32,
}

impl Requirements {
    /// The files of the target.
    pub(super) fn of(context: &Context) -> Vec<Self> {
        let paths = context.paths().iter().filter(|path| is_wanted(path.as_str())).take(MOST_FILES);
        let read = |path: &RepoPath| {
            let bytes = context.target.read(&File::named(&context.target, path)?).ok()?;
            Some(Self::parse(path.clone(), &String::from_utf8_lossy(&bytes)))
        };
        paths.filter_map(read).collect()
    }

    /// The arguments that name the pinned ones, each behind an option.
    pub(super) fn arguments(all: &[Self], option: &str, context: &Context) -> Vec<String> {
        let pinned = all.iter().filter(|file| file.is_pinned);
        let place = |file: &Self| context.target.root.join(file.path.as_str()).display().to_string();
        pinned.flat_map(|file| [option.to_owned(), place(file)]).collect()
    }

    fn parse(path: RepoPath, text: &str) -> Self {
        let mut file = Self { path, is_pinned: true, pins: Vec::new() };
        let mut continues = false;
        for (number, line) in (1u32..).zip(text.lines()) {
            // What follows a backslash are hashes of the package before it.
            let is_rest = std::mem::replace(&mut continues, line.trim_end().ends_with('\\'));
            let said = line.split(" #").next().unwrap_or_default().trim().trim_end_matches('\\').trim_end();
            if said.is_empty() || said.starts_with('#') || (is_rest && said.starts_with("--hash")) {
                continue;
            }
            match pin(said) {
                Some((name, version)) => file.pins.push(Pin { name, version, line: number }),
                None => file.is_pinned = false,
            }
        }
        file.is_pinned &= !file.pins.is_empty();
        file
    }
}

fn is_wanted(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_text = path.to_ascii_lowercase().ends_with(".txt");
    is_text && (name.starts_with("requirements") || folder.rsplit('/').next() == Some("requirements"))
}

/// The name, as every index writes it, and the version of `name[extra]==1.0 ; marker --hash=…`; `None` for anything
/// else.
fn pin(said: &str) -> Option<(String, String)> {
    let said = said.split(" --hash").next()?.split(';').next()?.trim();
    let (name, version) = said.split_once("==")?;
    let version = version.trim_start_matches('=').trim();
    let name = name.split('[').next()?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_version = |c: char| c.is_ascii_alphanumeric() || "-_.+!".contains(c);
    let plain = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_name);
    let exact = !version.is_empty() && version.chars().all(is_version);
    (plain && exact).then(|| (Ecosystem::PyPi.normalized(name).into_owned(), version.to_owned()))
}

/// Gives findings that name no file the places at which their packages are pinned.
pub(super) fn settle(context: &Context, findings: &mut [Finding]) {
    let all = Requirements::of(context);
    for finding in findings.iter_mut().filter(|finding| finding.location.path.as_str() == PYTHON) {
        let Some(package) = &finding.package else { continue };
        let name = Ecosystem::PyPi.normalized(&package.name);
        let is_it = |pin: &&Pin| pin.name == name && pin.version == package.version;
        let places = all.iter().filter(|file| file.is_pinned).flat_map(|file| {
            file.pins.iter().filter(is_it).map(|pin| Location::here(file.path.clone(), lines(pin.line, pin.line)))
        });
        let mut places: Vec<Location> = places.collect();
        if !places.is_empty() {
            finding.location = places.remove(0);
            finding.related.extend(places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_and_what_is_none() {
        let of = |text: &str| {
            let file = Requirements::parse(RepoPath::new("requirements.txt"), text);
            let told: Vec<_> =
                file.pins.iter().map(|pin| format!("{} {} {}", pin.name, pin.version, pin.line)).collect();
            (file.is_pinned, told.join(", "))
        };
        let hashed = "# all\nJinja2==2.10 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nzope.interface[x] == 5 ; python_version > '3' # why\n";
        assert_eq!(of(hashed), (true, "jinja2 2.10 2, zope-interface 5 5".to_owned()));
        for loose in
            ["", "a>=1", "a", "-r other.txt\na==1", "--index-url https://example.com\na==1", "a==1.*", "a==1,<2"]
        {
            assert!(!of(loose).0, "{loose}");
        }
        assert!(!of("a @ file:///etc/passwd\n").0 && !of("./local==1\n").0);
        for (path, wanted) in [
            ("requirements.txt", true),
            ("a/requirements-dev.txt", true),
            ("requirements/base.txt", true),
            ("docs/base.txt", false),
            ("requirements.in", false),
        ] {
            assert_eq!(is_wanted(path), wanted, "{path}");
        }
    }
}
