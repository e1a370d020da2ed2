//! Versions as Composer normalizes them (`VersionParser`, <https://github.com/composer/semver>): four numbers, the
//! stability spelled out, branches with a number as that of all their versions.

use crate::advisories::version::number::{is_number, split_digits, split_dotted};

/// What is behind the numbers of a version.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Modifier<'a> {
    stability: Option<&'static str>,
    number: &'a str,
    is_dev: bool,
}

/// How stabilities are written, the longer before the shorter, and what they are called.
const STABILITIES: [(&str, &str); 9] = [
    ("stable", ""),
    ("beta", "beta"),
    ("b", "beta"),
    ("rc", "RC"),
    ("alpha", "alpha"),
    ("a", "alpha"),
    ("patch", "patch"),
    ("pl", "patch"),
    ("p", "patch"),
];
const FLAGS: [&str; 5] = ["stable", "rc", "beta", "alpha", "dev"];
/// The number of a part of a branch that may be any.
const ANY: &str = "9999999";

impl<'a> Modifier<'a> {
    /// `[._-]?(STABILITY([.-]?N)*)?([.-]?dev)?`, and nothing behind it.
    fn read(text: &'a str) -> Option<Self> {
        let mut modifier = Self::default();
        let mut rest = text.strip_prefix(['.', '_', '-']).unwrap_or(text);
        let stability = STABILITIES.iter().find_map(|(written, name)| Some((*name, without(rest, written)?)));
        if let Some((name, behind)) = stability {
            let mut end = behind;
            while let (digits, after) = split_digits(end.strip_prefix(['.', '-']).unwrap_or(end))
                && !digits.is_empty()
            {
                end = after;
            }
            let number = behind.get(..behind.len() - end.len())?;
            modifier = Self { stability: Some(name), number: number.trim_start_matches(['.', '-']), is_dev: false };
            rest = end;
        }
        if let Some(behind) = without(rest.strip_prefix(['.', '-']).unwrap_or(rest), "dev") {
            modifier.is_dev = true;
            rest = behind;
        }
        rest.is_empty().then_some(modifier)
    }

    fn is_unstable(&self) -> bool {
        self.is_dev || self.stability.is_some()
    }

    fn write(&self) -> String {
        match self.stability {
            Some("") => String::new(),
            stability => {
                let dev = if self.is_dev { "-dev" } else { "" };
                let name = stability.map(|name| format!("-{name}{}", self.number)).unwrap_or_default();
                name + dev
            }
        }
    }
}

/// The text behind a word, in any case.
fn without<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

/// Up to four numbers and what is behind them, as constraints write versions.
pub(super) struct Written<'a> {
    pub(super) numbers: Vec<&'a str>,
    modifier: Modifier<'a>,
    /// Whether it is a branch, as in `1.x-dev`.
    pub(super) is_branch: bool,
}

impl<'a> Written<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (numbers, rest) = split_dotted(text.strip_prefix(['v', 'V']).unwrap_or(text));
        let numbers: Vec<&str> = numbers.split('.').collect();
        let branch = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(['x', 'X', '*']));
        let is_branch =
            branch.is_some_and(|rest| rest.strip_prefix(['.', '-']).unwrap_or(rest).eq_ignore_ascii_case("dev"));
        let modifier = if is_branch { Modifier::default() } else { Modifier::read(rest)? };
        (numbers.len() <= 4 && numbers.iter().all(|number| is_number(number))).then_some(Self {
            numbers,
            modifier,
            is_branch,
        })
    }

    /// `1.2.*`: up to three numbers, then nothing but stars.
    pub(super) fn read_stars(text: &'a str) -> Option<Self> {
        let (numbers, rest) = split_dotted(text.strip_prefix(['v', 'V']).unwrap_or(text));
        let numbers: Vec<&str> = numbers.split('.').collect();
        let mut stars = rest.strip_prefix('.')?.split('.');
        let is_written = numbers.len() <= 3 && numbers.iter().all(|number| is_number(number));
        (is_written && stars.all(|star| matches!(star, "x" | "X" | "*"))).then_some(Self {
            numbers,
            modifier: Modifier::default(),
            is_branch: false,
        })
    }

    /// Whether a stability is given.
    pub(super) fn is_unstable(&self) -> bool {
        self.modifier.is_unstable() || self.is_branch
    }

    /// The four numbers.
    pub(super) fn padded(&self) -> String {
        padded(&self.numbers)
    }

    /// The four numbers with one of them counted up, from 1 on, and zeros behind it.
    pub(super) fn raised(&self, place: usize) -> Option<String> {
        let number = |at: usize| self.numbers.get(at).copied().unwrap_or("0");
        let raised = number(place.checked_sub(1)?).parse::<u64>().ok()?.checked_add(1)?.to_string();
        let kept = (0..place - 1).map(number);
        Some(padded(&kept.chain([raised.as_str()]).collect::<Vec<_>>()))
    }
}

fn padded(numbers: &[&str]) -> String {
    let zeros = std::iter::repeat_n("0", 4usize.saturating_sub(numbers.len()));
    numbers.iter().copied().chain(zeros).collect::<Vec<_>>().join(".")
}

/// The normalized form; `None` when Composer knows no such version.
pub(super) fn normalize(version: &str) -> Option<String> {
    let version = version.trim();
    let version = version.split_once(" as ").map_or(version, |(version, _)| version.trim_end());
    let version = match version.rsplit_once('@') {
        Some((version, flag)) if is_stability(flag) => version,
        _ => version,
    };
    if let "master" | "trunk" | "default" = version {
        return Some(format!("dev-{version}"));
    }
    if let Some(branch) = without(version, "dev-") {
        return Some(format!("dev-{branch}"));
    }
    let version =
        version.split_once('+').filter(|(_, build)| !build.is_empty()).map_or(version, |(version, _)| version);
    let is_short = |written: &Written<'_>| written.numbers.first().is_some_and(|first| first.len() <= 5);
    match Written::read(version).filter(|written| !written.is_branch && is_short(written)) {
        Some(written) => Some(written.padded() + &written.modifier.write()),
        None => date(version).or_else(|| branch(version)),
    }
}

/// A version that is a day or a time: `20260401`, `2026-04-01.2`.
fn date(version: &str) -> Option<String> {
    let text = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let bytes = text.as_bytes();
    let is_part = |(at, byte): (usize, &u8)| match byte {
        b'.' | b':' | b'-' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        byte => byte.is_ascii_digit(),
    };
    let (day, rest) = text.split_at(bytes.iter().enumerate().position(|part| !is_part(part)).unwrap_or(text.len()));
    let (year, behind) = day.split_at_checked(4).filter(|(year, _)| is_number(year))?;
    let (month, _) = behind.strip_prefix(['.', ':', '-']).unwrap_or(behind).split_at_checked(2)?;
    if !is_number(month) || day.len() > year.len() + 24 {
        return None;
    }
    Some(day.replace([':', '-'], ".") + &Modifier::read(rest)?.write())
}

/// A branch with a number: `1.x-dev` is later than every 1.
fn branch(version: &str) -> Option<String> {
    let name = version.get(..version.len().checked_sub(3)?).filter(|name| without(version, name).is_some())?;
    without(version.get(name.len()..)?, "dev")?;
    let name = name.strip_suffix(['.', '-']).unwrap_or(name);
    let parts: Vec<&str> = name.strip_prefix(['v', 'V']).unwrap_or(name).split('.').collect();
    let is_part = |part: &&str| is_number(part) || ["x", "X", "*"].contains(part);
    if parts.len() > 4 || !parts.iter().all(is_part) || !parts.first().is_some_and(|part| is_number(part)) {
        return None;
    }
    let numbers = parts.iter().map(|part| if is_number(part) { part } else { ANY });
    let any = std::iter::repeat_n(ANY, 4 - parts.len());
    Some(numbers.chain(any).collect::<Vec<_>>().join(".") + "-dev")
}

/// Whether a text is one of the flags behind an `@`.
pub(super) fn is_stability(flag: &str) -> bool {
    FLAGS.iter().any(|known| known.eq_ignore_ascii_case(flag))
}

/// Whether a normalized version is stable, as one with a patch is.
pub(super) fn is_stable(normalized: &str) -> bool {
    normalized.split_once('-').is_none_or(|(_, suffix)| suffix.starts_with("patch") && !suffix.ends_with("-dev"))
}

/// Whether a version says its stability behind a hyphen.
pub(super) fn has_suffix(version: &str) -> bool {
    let version = version.split_once('+').map_or(version, |(version, _)| version);
    version.match_indices('-').any(|(at, _)| version.get(at + 1..).and_then(Modifier::read).is_some())
}
