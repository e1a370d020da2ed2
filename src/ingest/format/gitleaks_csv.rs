//! Gitleaks' CSV: credentials in files and in the history, a line for each (`--report-format csv`, since version 8).

use csv::StringRecord;

use super::gitleaks::{Found, leaked};
use crate::finding::Kind;
use crate::ingest::format::{Format, Syntax};
use crate::ingest::out::Out;

/// Gitleaks' CSV.
pub static FORMAT: Format = Format {
    id: "gitleaks-csv",
    name: "Gitleaks CSV",
    tool: "gitleaks",
    kinds: &[Kind::Secret],
    syntax: Syntax::Text { fits, read },
};

fn fits(text: &str) -> bool {
    let head = text.lines().next().unwrap_or_default();
    ["RuleID", "Commit", "File", "Secret", "Match"].into_iter().all(|name| head.split(',').any(|column| column == name))
}

fn read(text: &str, out: &mut Out) -> Result<(), String> {
    let mut lines = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    // What the parser says may quote the line.
    let head = lines.headers().map_err(|_| "its first line names no columns")?.clone();
    let mut damaged = 0u32;
    for line in lines.records() {
        match line {
            Ok(line) if line.len() >= head.len().min(MOST_NEEDED) => leaked(&found(&head, &line), out),
            _ => damaged += 1,
        }
    }
    if damaged > 0 {
        out.gap(format!("{damaged} of its lines cannot be read"));
    }
    Ok(())
}

/// A line with fewer columns was cut short.
const MOST_NEEDED: usize = 8;

fn found(head: &StringRecord, line: &StringRecord) -> Found {
    let at = |name: &str| head.iter().position(|column| column == name).and_then(|at| line.get(at)).unwrap_or_default();
    let number = |name: &str| at(name).parse().unwrap_or(0);
    Found {
        id: at("RuleID").to_owned(),
        description: String::new(),
        start_line: number("StartLine"),
        end_line: number("EndLine"),
        secret: at("Secret").to_owned(),
        file: at("File").to_owned(),
        commit: at("Commit").to_owned(),
        date: at("Date").to_owned(),
        ..Found::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read, tells};

    const HEAD: &str = "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,EndLine,StartColumn,EndColumn,Author,Message,Date,Email,Fingerprint,Tags";

    #[test]
    fn lines_with_quotes_and_breaks() {
        let said = read(format!(
            "{HEAD}\nprivate-key,71855aab9efe60177c94cd7b4e07bc85d7ed95fa,a.pem,,\"-----BEGIN\nk7Q2mZ9xT4vB1nL8\n\",x,1,3,1,2,A,\"Open, \"\"more\"\"\",2026-03-06T11:00:00Z,a@b,f,\ngithub-pat,,b.py,,k7Q2mZ9xT4vB1nL8,x,7,7,1,2,,,,,f,\ngithub-pat,,b.py"
        ));
        assert_eq!(
            lines(&said),
            ["secret/private-key high a.pem:1 @71855aab9e: Private key", "secret/github-pat high b.py:7: Github pat"]
        );
        assert_eq!(said.gaps.len(), 1, "a line is cut short");
        assert!(!tells(&said, "k7Q2mZ9xT4vB1nL8"));
    }

    #[test]
    fn a_clean_report() {
        let said = read(format!("{HEAD}\n"));
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{:?}", said.gaps);
    }
}
