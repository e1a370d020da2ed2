//! Asks providers: several hosts at once, each at its pace, all within a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::judge::judge;
use super::question::Question;
use crate::error::Error;
use crate::finding::Verified;
use crate::github::Pace;
use crate::net::{Answer, Inquirer, Inquiry, Way};
use crate::scanner::Context;
use crate::text;

/// So many hosts are asked at once.
const HOSTS: usize = 8;
/// A host is asked so many times without a pause, then once in each [`PAUSE`].
const BURST: usize = 2;
const PAUSE: Duration = Duration::from_secs(1);
/// A host that asks for a pause is given so much and no more, once for each question.
const PATIENCE: Duration = Duration::from_secs(10);
/// A host that could not be reached so often in a row is left alone.
const FAILURES: usize = 2;
/// No round takes longer; what was not asked by then is unknown.
const ROUND: Duration = Duration::from_secs(180);

/// What came of a round.
pub(super) struct Asked {
    /// By the key of the question.
    pub(super) answers: HashMap<String, Verified>,
    /// The hosts that were asked.
    pub(super) hosts: BTreeSet<String>,
}

/// Something heard from a host, or why nothing was.
type Heard = Result<Answer, String>;

/// Asks questions, by their keys.
///
/// # Errors
/// The way to the network is not valid. What cannot be asked is unknown, with the reason.
pub(super) fn ask(
    questions: Vec<(String, Question)>,
    (way, pace): &(Way, Pace),
    context: &Context,
    now: Timestamp,
) -> Result<Asked, Error> {
    let mut asked = Asked { answers: HashMap::new(), hosts: BTreeSet::new() };
    if questions.is_empty() {
        return Ok(asked);
    }
    let (inquirer, matcher) = (Arc::new(context.net.inquirer(way)?), context.matcher()?);
    let mut by_host: BTreeMap<String, Vec<(String, Inquiry)>> = BTreeMap::new();
    let mut open: HashMap<String, Question> = HashMap::new();
    for (key, question) in questions {
        match question.inquiry(now) {
            Err(why) => drop(asked.answers.insert(key, Verified::unknown(why, now))),
            Ok(inquiry) => {
                by_host.entry(inquiry.host().to_owned()).or_default().push((key.clone(), inquiry));
                open.insert(key, question);
            }
        }
    }
    let heard = context.runtime.block_on(async {
        let (room, until) = (Arc::new(Semaphore::new(HOSTS)), Instant::now() + ROUND);
        let mut rounds = JoinSet::new();
        for (host, inquiries) in by_host {
            let (room, inquirer, cancel, pace) =
                (Arc::clone(&room), Arc::clone(&inquirer), context.cancel.clone(), *pace);
            rounds.spawn(async move {
                let _turn = room.acquire().await;
                let mut visit = Visit { inquirer, pace, until, asked: 0, failed: 0, left: None };
                let mut heard = Vec::new();
                for (key, inquiry) in inquiries {
                    let answer = tokio::select! {
                        answer = visit.ask(&inquiry) => answer,
                        () = cancel.cancelled() => Err("the run was interrupted".to_owned()),
                    };
                    heard.push((key, answer));
                }
                (host, heard, visit.asked > 0)
            });
        }
        let mut all = Vec::new();
        while let Some(round) = rounds.join_next().await {
            all.extend(round);
        }
        all
    });
    for (host, answers, was_asked) in heard {
        for (key, answer) in answers {
            let Some(question) = open.remove(&key) else { continue };
            let mut verified = match answer {
                Ok(answer) => judge(&question, &host, &answer, matcher, now),
                Err(why) => Verified::unknown(text::printable(&why), now),
            };
            if question.is_in(&verified.reason) {
                verified.reason = "why cannot be said without the secret".to_owned();
            }
            asked.answers.insert(key, verified);
        }
        if was_asked {
            asked.hosts.insert(host);
        }
    }
    asked.answers.extend(open.into_keys().map(|key| (key, Verified::unknown("it was not asked about", now))));
    Ok(asked)
}

/// The questions to one host, one behind the other.
struct Visit {
    inquirer: Arc<Inquirer>,
    pace: Pace,
    until: Instant,
    asked: usize,
    failed: usize,
    /// Why the host is left alone from now on.
    left: Option<String>,
}

impl Visit {
    /// Asks, at the host's pace.
    async fn ask(&mut self, inquiry: &Inquiry) -> Heard {
        if let Some(why) = &self.left {
            return Err(why.clone());
        }
        if self.asked >= BURST {
            self.pace.wait(PAUSE).await;
        }
        let first = self.once(inquiry).await?;
        let Some(pause) = pause_of(&first) else { return Ok(first) };
        if pause > PATIENCE || Instant::now() + pause > self.until {
            self.left = Some(format!("{} limits the rate, and was not asked any more", inquiry.host()));
            return Ok(first);
        }
        self.pace.wait(pause).await;
        let second = self.once(inquiry).await?;
        if pause_of(&second).is_some() {
            self.left = Some(format!("{} limits the rate, and was not asked any more", inquiry.host()));
        }
        Ok(second)
    }

    async fn once(&mut self, inquiry: &Inquiry) -> Heard {
        if Instant::now() > self.until {
            return Err(format!("it was not asked about, since there was no answer to others within {ROUND:?}"));
        }
        self.asked += 1;
        match self.inquirer.ask(inquiry).await {
            Ok(answer) => {
                self.failed = 0;
                Ok(answer)
            }
            Err(error) => {
                self.failed += 1;
                let why = error.chain().join(": ");
                if self.failed >= FAILURES {
                    self.left = Some(why.clone());
                }
                Err(why)
            }
        }
    }
}

/// How long a host that limits the rate asks us to wait; `None` for any other answer. Without a number of seconds in
/// `Retry-After` it is a pause and some.
fn pause_of(answer: &Answer) -> Option<Duration> {
    let is_limited = answer.status == 429 || (answer.status == 503 && answer.header("retry-after").is_some());
    let seconds = answer.header("retry-after").map(|text| text.trim().parse::<u64>());
    is_limited.then(|| match seconds {
        None => PAUSE * 2,
        Some(Ok(seconds)) => Duration::from_secs(seconds),
        // A date, which is further away than we wait, or nonsense.
        Some(Err(_)) => Duration::MAX,
    })
}
