//! Asks OSV's server about packages (<https://google.github.io/osv.dev/post-v1-querybatch/>): which advisories there are,
//! in batches, then each advisory by its id.

mod ask;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::matching::Asked;
use super::osv;
use super::store::build::Input;
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::scanner::Context;
use crate::text;
use ask::Server;

/// The server takes no more queries at once.
const MOST_QUERIES: usize = 1000;
/// So many pages of one answer are asked for.
const MOST_PAGES: usize = 64;
/// No more advisories are asked for than a big project has.
const MOST_ADVISORIES: usize = 50_000;
/// So many advisories are asked for at once.
const AT_ONCE: usize = 16;
/// What is asked about an advisory takes no longer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// What the server said.
#[derive(Debug, Default)]
pub struct Said {
    /// A store can be made of it.
    pub input: Input,
    /// What could not be read, in words; `None` where all could be.
    pub trouble: Option<String>,
}

#[derive(Serialize)]
struct Batch<'a> {
    queries: Vec<Query<'a>>,
}

#[derive(Clone, Serialize)]
struct Query<'a> {
    package: Package<'a>,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_token: Option<String>,
}

#[derive(Clone, Serialize)]
struct Package<'a> {
    name: &'a str,
    ecosystem: String,
}

#[derive(Deserialize)]
struct Answers {
    #[serde(default)]
    results: Vec<Results>,
}

#[derive(Default, Deserialize)]
struct Results {
    #[serde(default)]
    vulns: Vec<Named>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// Asks about packages.
///
/// # Errors
/// The server does not answer, or not what it is asked.
pub fn ask(context: &Context, packages: &[Asked<'_>]) -> Result<Said, Error> {
    let server = &Server::new(context);
    let queries: Vec<Query<'_>> = packages.iter().map(query).collect();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for batch in queries.chunks(MOST_QUERIES) {
        batch_of(server, batch.to_vec(), &mut ids)?;
    }
    if ids.len() > MOST_ADVISORIES {
        return Err(Error::usage(format!(
            "the server knows {} about the packages",
            text::count(ids.len(), "advisory")
        ))
        .hint("use `scanall db update` and --advisories store"));
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let mut said = Said::default();
    for some in ids.chunks(AT_ONCE) {
        let answers: Vec<Result<Vec<u8>, Error>> = std::thread::scope(|scope| {
            let asked: Vec<_> =
                some.iter().map(|id| scope.spawn(move || server.get(&format!("/v1/vulns/{id}")))).collect();
            let failed = || Err(Error::usage("the server could not be asked"));
            asked.into_iter().map(|thread| thread.join().unwrap_or_else(|_| failed())).collect()
        });
        for (id, answer) in some.iter().zip(answers) {
            match osv::from_json(&answer?) {
                Ok(read) => said.input.records.extend(read.record.map(|record| (record, "OSV".to_owned()))),
                Err(why) => {
                    said.trouble.get_or_insert(format!("the advisory `{}` cannot be read: {why}", text::printable(id)));
                }
            }
        }
    }
    Ok(said)
}

/// Asks one batch, and again for what did not fit on a page.
fn batch_of(server: &Server<'_>, mut queries: Vec<Query<'_>>, ids: &mut BTreeSet<String>) -> Result<(), Error> {
    for _ in 0..MOST_PAGES {
        let body = serde_json::to_vec(&Batch { queries: queries.clone() })
            .map_err(|e| Error::usage("cannot write JSON").because(e))?;
        let answer = server.post("/v1/querybatch", body)?;
        let no_sense = || Error::usage("OSV's server does not say what it was asked");
        let answers: Answers = serde_json::from_slice(&answer).map_err(|e| no_sense().because(e))?;
        if answers.results.len() != queries.len() {
            return Err(no_sense());
        }
        let mut more = Vec::new();
        for (query, results) in queries.into_iter().zip(answers.results) {
            ids.extend(results.vulns.into_iter().map(|named| named.id).filter(|id| is_id(id)));
            if let Some(token) = results.next_page_token.filter(|token| !token.is_empty()) {
                more.push(Query { page_token: Some(token), ..query });
            }
        }
        if more.is_empty() {
            return Ok(());
        }
        queries = more;
    }
    Err(Error::usage(format!("OSV's server has more than {MOST_PAGES} pages of answers")))
}

fn query<'a>(asked: &Asked<'a>) -> Query<'a> {
    let osv = asked.ecosystem.osv();
    let ecosystem = match (asked.ecosystem, asked.release) {
        (_, "") => osv.to_owned(),
        (Ecosystem::Ubuntu, release) => format!("{osv}:{release}:LTS"),
        (Ecosystem::Alpine, release) => format!("{osv}:v{}", release.trim_start_matches('v')),
        (_, release) => format!("{osv}:{release}"),
    };
    let version = match asked.ecosystem {
        Ecosystem::Go => asked.version.trim_start_matches("go").trim_start_matches('v'),
        _ => asked.version,
    };
    Query { package: Package { name: asked.name, ecosystem }, version, page_token: None }
}

/// What can stand in an address as it is.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() < 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}
