//! Asks about packages that somebody names.

use super::database::Database;
use super::findings::title;
use crate::advisories::matching::{Asked, Hit};
use crate::error::Error;
use crate::scanner::{Context, Sink};

/// What is true of packages.
pub struct Answers {
    /// For each question, in their order, its defects with their titles, worst first.
    pub hits: Vec<Vec<(Hit, String)>>,
    /// The database that says so, in words.
    pub source: String,
}

/// Asks the database that a scan would use. What it lacks is told to `sink`.
///
/// # Errors
/// The database named by the user cannot be read, or what is kept is damaged.
pub fn ask(context: &Context, questions: &[Asked<'_>], sink: &dyn Sink) -> Result<Answers, Error> {
    let damaged = |_| Error::usage("the advisory store is damaged").hint("`scanall db update` makes a new one");
    let database = Database::open(context, questions, sink)?;
    let mut hits = Vec::with_capacity(questions.len());
    for asked in questions {
        let part = database.about(asked.ecosystem);
        let found = part.ask(*asked).map_err(damaged)?.hits.into_iter();
        let with_title = found.map(|hit| part.text(&hit).map(|about| (title(&hit.id, &about), hit)));
        hits.push(with_title.map(|it| it.map(|(title, hit)| (hit, title))).collect::<Result<_, _>>().map_err(damaged)?);
    }
    Ok(Answers { hits, source: database.describe() })
}
