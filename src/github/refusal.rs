//! What GitHub refuses, as a list: how it is recognised, what it means, what to change.

use crate::error::Error;
use crate::text;

/// A refusal that we know.
struct Refusal {
    /// The HTTP statuses it comes with; empty for any, and for what is said of an upload later.
    statuses: &'static [u16],
    /// What the server's words hold, in lower case; empty for any words.
    needle: &'static str,
    /// What it means.
    sentence: &'static str,
    /// What to change.
    hint: &'static str,
}

/// The first that fits is it.
static REFUSALS: [Refusal; 31] = [
    Refusal {
        statuses: &[401],
        needle: "",
        sentence: "the token is wrong, has expired or was revoked",
        hint: "set GITHUB_TOKEN to a valid one; that of a workflow ends with its job",
    },
    Refusal {
        statuses: &[301, 302, 307, 308],
        needle: "",
        sentence: "the repository has moved, or the address of the API is another one",
        hint: "give its new name with --repository, and look at GITHUB_API_URL",
    },
    Refusal {
        statuses: &[413],
        needle: "",
        sentence: "the file is larger than the server takes, which is 10 MB behind gzip",
        hint: "split it with fewer results or runs in each file",
    },
    Refusal {
        statuses: &[403],
        needle: "resource not accessible by integration",
        sentence: "the token of the workflow may not do this",
        hint: "give the job `permissions: security-events: write` for code scanning and `pull-requests: write` for comments; in a pull request from a fork or of Dependabot no token may write",
    },
    Refusal {
        statuses: &[403],
        needle: "resource not accessible by personal access token",
        sentence: "the personal access token may not do this",
        hint: "give it `Code scanning alerts: write` for this repository, or the scope `security_events`; for comments `Pull requests: write`",
    },
    Refusal { statuses: &[], needle: "saml", sentence: SSO, hint: SSO_HINT },
    Refusal { statuses: &[403], needle: "required; url=", sentence: SSO, hint: SSO_HINT },
    Refusal {
        statuses: &[],
        needle: "archived",
        sentence: "the repository is archived and takes nothing any more",
        hint: "unarchive it, or stop uploading",
    },
    Refusal { statuses: &[403], needle: "security must be enabled", sentence: CODE_SECURITY, hint: CODE_SECURITY_HINT },
    Refusal {
        statuses: &[],
        needle: "code scanning is not enabled",
        sentence: CODE_SECURITY,
        hint: CODE_SECURITY_HINT,
    },
    Refusal {
        statuses: &[403, 429],
        needle: "rate limit",
        sentence: "too many requests were made with this token",
        hint: "wait some minutes; 1,000 uploads an hour are allowed",
    },
    Refusal {
        statuses: &[429],
        needle: "",
        sentence: "too many requests were made with this token",
        hint: "wait some minutes; 1,000 uploads an hour are allowed",
    },
    Refusal {
        statuses: &[],
        needle: "default setup is enabled",
        sentence: "the default setup of code scanning is on, and it does not take results of the same kind from elsewhere",
        hint: "switch the repository's code scanning to the advanced setup, or leave CodeQL's own results out of the upload",
    },
    Refusal {
        statuses: &[],
        needle: "more runs than allowed",
        sentence: "the file has more than 20 runs",
        hint: "put them into several files",
    },
    Refusal {
        statuses: &[],
        needle: "more results than allowed",
        sentence: "a run has more than 25,000 results",
        hint: "raise the threshold of the tool, or exclude what is generated",
    },
    Refusal {
        statuses: &[],
        needle: "more rules than allowed",
        sentence: "a run has more than 25,000 rules",
        hint: "leave out the rules that no result names",
    },
    Refusal {
        statuses: &[],
        needle: "security severity value",
        sentence: "a rule has a `security-severity` that is no number",
        hint: "write numbers such as \"8.0\" and no words such as \"HIGH\"",
    },
    Refusal {
        statuses: &[],
        needle: "multiple runs with the same category",
        sentence: "two runs are of the same tool and category",
        hint: "give each run an `automationDetails.id` of its own that ends with a slash",
    },
    Refusal {
        statuses: &[],
        needle: "too many logical alerts",
        sentence: "the repository has more alerts than GitHub keeps, and takes no upload of anybody any more",
        hint: "delete analyses that nobody needs, or ask GitHub's support; unstable paths and rule ids are the usual cause",
    },
    Refusal {
        statuses: &[],
        needle: "expected at least one",
        sentence: "a result has no place in a file",
        hint: "give every result a `physicalLocation` with a relative path",
    },
    Refusal {
        statuses: &[],
        needle: "expected a physical location",
        sentence: "a result has no place in a file",
        hint: "give every result a `physicalLocation` with a relative path",
    },
    Refusal {
        statuses: &[],
        needle: "sarif uri scheme",
        sentence: "a place has an address of another kind than a file",
        hint: "write paths relative to the root of the repository",
    },
    Refusal {
        statuses: &[],
        needle: "invalid uri",
        sentence: "a place has an address that is not valid",
        hint: "write paths relative to the root of the repository, with spaces as %20",
    },
    Refusal {
        statuses: &[404],
        needle: "commit",
        sentence: "GitHub does not know the commit",
        hint: "push it first, or name another one with --commit",
    },
    Refusal { statuses: &[400, 404, 422], needle: "ref '", sentence: REF, hint: REF_HINT },
    Refusal { statuses: &[400, 404, 422], needle: "refs/", sentence: REF, hint: REF_HINT },
    Refusal {
        statuses: &[404],
        needle: "",
        sentence: "there is no such repository for this token, or it has no code scanning",
        hint: "look at --repository and GITHUB_API_URL, and whether the token may read the repository",
    },
    Refusal {
        statuses: &[403],
        needle: "",
        sentence: "the token may not do this",
        hint: "give it the right to write code scanning alerts (`security-events: write`), or for comments `pull-requests: write`",
    },
    Refusal {
        statuses: &[400, 422],
        needle: "",
        sentence: "GitHub does not accept what was sent",
        hint: "its own words say what is wrong",
    },
    Refusal {
        statuses: &[500, 502, 503, 504],
        needle: "",
        sentence: "GitHub has trouble of its own, also when asked several times",
        hint: "look at https://www.githubstatus.com and try again later",
    },
    Refusal { statuses: &[], needle: "", sentence: "GitHub refused it", hint: "its own words say what is wrong" },
];

const FORK: &str = "the token of a pull request from a fork or of Dependabot may only read";
const FORK_HINT: &str =
    "upload in a workflow_run job of the base repository, or write `-o sarif=FILE` and keep it as an artifact";
const SSO: &str = "the organisation wants single sign-on for this token";
const SSO_HINT: &str = "authorize the token for the organisation under Settings, Developer settings, Configure SSO";
const REF: &str = "GitHub does not know the reference, or not with this commit";
const REF_HINT: &str = "push it first, or name another one with --ref, such as refs/heads/main or refs/pull/7/head";
const CODE_SECURITY: &str = "code scanning is off in this repository";
const CODE_SECURITY_HINT: &str =
    "switch on Code Security under Settings, Advanced Security; private repositories need a licence for it";

/// GitHub's words to a workflow's token without the right.
pub const NO_RIGHTS: &str = "Resource not accessible by integration";

/// What a refusal means to a token that may only read, since the pull request is a stranger's.
pub fn explain_foreign(doing: &str, message: &str) -> Error {
    let said = Said { sentence: FORK, message: text::printable(message) };
    Error::usage(format!("cannot {doing}")).because(said).hint(FORK_HINT)
}

/// What a refusal means, why, and what to change. The status is 0 for what is said of an upload later.
pub fn explain(doing: &str, status: u16, message: &str) -> Error {
    let words = message.to_lowercase();
    let known = REFUSALS
        .iter()
        .find(|known| (known.statuses.is_empty() || known.statuses.contains(&status)) && words.contains(known.needle));
    let error = Error::usage(format!("cannot {doing}"));
    match known {
        Some(known) => {
            error.because(Said { sentence: known.sentence, message: text::printable(message) }).hint(known.hint)
        }
        None => error.because(text::printable(message)),
    }
}

/// What a refusal means, with the server's words below it.
#[derive(Debug)]
struct Said {
    sentence: &'static str,
    message: String,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (GitHub says: {})", self.sentence, self.message)
    }
}

impl std::error::Error for Said {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_is_reached() {
        for (index, refusal) in REFUSALS.iter().enumerate() {
            let status = refusal.statuses.first().copied().unwrap_or(0);
            let words = refusal.needle;
            let first = REFUSALS
                .iter()
                .position(|r| (r.statuses.is_empty() || r.statuses.contains(&status)) && words.contains(r.needle));
            assert_eq!(first, Some(index), "{status} {words:?} is taken by another one");
        }
    }

    #[test]
    fn what_nobody_knows_is_told_as_it_is() {
        let error = explain("upload", 418, "I am a \u{1b}[31mteapot");
        assert_eq!(error.chain()[1], "GitHub refused it (GitHub says: I am a \\u{1b}[31mteapot)");
    }
}
