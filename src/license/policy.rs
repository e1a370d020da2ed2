//! Defines [`Policy`]: whether a project accepts the license of a package, and why.
//!
//! A license is looked for by its id first, then by its category; of an OR the best side counts, of an AND the worst, and
//! what nobody knows is for somebody to read: it is never allowed by chance.

mod default;
mod entry;
mod exempt;
mod list;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::category::Category;
use super::expression::{Expression, Term};
use super::normalize::{self, members};
use crate::config;
use crate::error::Error;
use exempt::{Clarification, Exemption};
use list::Lists;

pub use exempt::{Reason, Stale};

/// What is said of a license or of a package, from the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It must not be used.
    Deny,
    /// Somebody has to look at it.
    Review,
    /// It may be used.
    Allow,
}

/// What a package is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// It is part of what is shipped.
    #[default]
    Runtime,
    /// It is used by developers and tests.
    Dev,
    /// It is used to build what is shipped.
    Build,
}

/// A package that is judged.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The package without its version: `pkg:npm/%40scope/name`.
    pub purl: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What it is used for.
    pub scope: Scope,
    /// What is known of its license.
    pub expression: &'a Expression,
    /// The SHA-256 of the file that says so, in hex; `None` when there is no file.
    pub evidence_hash: Option<&'a str>,
    /// The day on which it is judged.
    pub today: Date,
}

/// What is said of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Whether it may be used.
    pub verdict: Verdict,
    /// The expression that was judged: what a clarification says instead of the package.
    pub expression: Expression,
    /// The term that decides when it is not allowed: the first of the worst.
    pub term: Option<Term>,
    /// Why, as half a sentence: `GPL-3.0-only (copyleft-strong) is denied`.
    pub why: String,
    /// The number of the exception that allows it, from 0 in the order of the file.
    pub exception: Option<usize>,
    /// The number of the clarification that was used.
    pub clarification: Option<usize>,
}

/// Which licenses a project accepts.
#[derive(Debug)]
pub struct Policy {
    runtime: Lists,
    dev: Lists,
    build: Lists,
    exceptions: Vec<Exemption>,
    clarifications: Vec<Clarification>,
    own: bool,
}

/// What is said of one term, with the reason.
struct Ruling {
    verdict: Verdict,
    term: Term,
    why: String,
}

impl Policy {
    /// Makes a policy of a project's settings; what they leave out is the default.
    ///
    /// # Errors
    /// A setting names neither an SPDX license nor a category, names one twice, or an exception names no package, gives
    /// no reason, or has a hash that is none.
    pub fn new(settings: &config::Licenses) -> Result<Self, Error> {
        let lists = settings.lists();
        let own = lists.allow.is_some() || lists.review.is_some() || lists.deny.is_some();
        let usual = default::runtime();
        let base = config::LicenseLists {
            // With a list of what is allowed, everything else is denied anyway.
            deny: lists.deny.clone().or_else(|| usual.deny.clone().filter(|_| lists.allow.is_none())),
            ..lists.clone()
        };
        let scoped = |scope: &config::LicenseLists, usual: config::LicenseLists| {
            let unknown = config::LicenseLists { unknown: lists.unknown, ..config::LicenseLists::default() };
            let under = if own { base.clone() } else { unknown.over(&usual) };
            Lists::new(&scope.over(&under))
        };
        Ok(Self {
            runtime: scoped(&settings.runtime, usual.clone())?,
            dev: scoped(&settings.dev, default::dev())?,
            build: scoped(&settings.build, default::build())?,
            exceptions: settings.exceptions.iter().map(Exemption::new).collect::<Result<_, _>>()?,
            clarifications: settings.clarify.iter().map(Clarification::new).collect::<Result<_, _>>()?,
            own,
        })
    }

    /// Whether the project wrote the lists itself, so that a violation weighs more.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// Judges a package.
    pub fn judge(&self, subject: &Subject) -> Judgement {
        let clarification = self.clarifications.iter().position(|one| one.of.applies(subject));
        let expression = clarification.map_or(subject.expression, |at| &self.clarifications[at].expression);
        let Ruling { verdict, term, why } = self.rule(expression, subject.scope);
        let mut judgement = Judgement {
            verdict,
            expression: expression.clone(),
            term: (verdict != Verdict::Allow).then_some(term),
            why,
            exception: None,
            clarification,
        };
        if verdict == Verdict::Allow {
            return judgement;
        }
        let lists = self.lists(subject.scope);
        let allowed = |exemption: &&Exemption| {
            exemption.of.applies(subject) && self.fold(expression, lists, Some(exemption)).verdict == Verdict::Allow
        };
        if let Some(exemption) = self.exceptions.iter().find(allowed) {
            judgement.exception = self.exceptions.iter().position(|other| std::ptr::eq(other, exemption));
            judgement.verdict = Verdict::Allow;
            judgement.why = format!("an exception allows it: {}", exemption.reason);
        }
        judgement
    }

    /// What is said of an expression alone, without exceptions: the verdict, and why.
    pub fn verdict(&self, expression: &Expression, scope: Scope) -> (Verdict, String) {
        let ruling = self.rule(expression, scope);
        (ruling.verdict, ruling.why)
    }

    /// Exceptions and clarifications that should go: those that expired, and those that no judgement used.
    pub fn stale(&self, judgements: &[Judgement], today: Date) -> Vec<Stale> {
        let used =
            |number: usize, of: fn(&Judgement) -> Option<usize>| judgements.iter().any(|one| of(one) == Some(number));
        let exceptions = self.exceptions.iter().enumerate();
        let exceptions = exceptions.filter_map(|(number, one)| {
            one.of.stale(today, used(number, |one| one.exception)).map(|reason| one.of.report(number, false, reason))
        });
        let clarifications = self.clarifications.iter().enumerate();
        let clarifications = clarifications.filter_map(|(number, one)| {
            one.of.stale(today, used(number, |one| one.clarification)).map(|reason| one.of.report(number, true, reason))
        });
        exceptions.chain(clarifications).collect()
    }

    fn lists(&self, scope: Scope) -> &Lists {
        match scope {
            Scope::Runtime => &self.runtime,
            Scope::Dev => &self.dev,
            Scope::Build => &self.build,
        }
    }

    fn rule(&self, expression: &Expression, scope: Scope) -> Ruling {
        self.fold(expression, self.lists(scope), None)
    }

    fn fold(&self, expression: &Expression, lists: &Lists, exemption: Option<&Exemption>) -> Ruling {
        expression.fold(
            |term| match exemption.is_some_and(|exemption| exemption.covers(term)) {
                true => {
                    Ruling { verdict: Verdict::Allow, term: term.clone(), why: "an exception allows it".to_owned() }
                }
                false => of_term(lists, term),
            },
            |left, right| if right.verdict < left.verdict { right } else { left },
            |left, right| if right.verdict > left.verdict { right } else { left },
        )
    }
}

/// What lists say of one term.
fn of_term(lists: &Lists, term: &Term) -> Ruling {
    let (verdict, why) = match members(term.id()) {
        Some(all) if lists.of_id(&term.to_string()).is_none() => of_family(lists, term, all),
        _ => of_license(lists, term),
    };
    Ruling { verdict, term: term.clone(), why }
}

/// Of a license that is one of several, what all of those have in common.
fn of_family(lists: &Lists, term: &Term, all: &[String]) -> (Verdict, String) {
    let mut rulings = all.iter().map(|id| of_license(lists, &Term::new(id, term.exception())));
    let name = term.id();
    match rulings.next() {
        Some((verdict, why)) if rulings.all(|(other, _)| other == verdict) => (
            verdict,
            match verdict {
                Verdict::Allow => format!("whichever license {name} is, it is allowed"),
                _ => format!("{name} may be one of several licenses, and {why}"),
            },
        ),
        _ => (Verdict::Review, format!("{name} may be one of several licenses, of which not all are allowed")),
    }
}

fn of_license(lists: &Lists, term: &Term) -> (Verdict, String) {
    let shown = term.to_string();
    let category = Category::of_term(term);
    let with_category = category.map_or_else(|| shown.clone(), |category| format!("{shown} ({category})"));
    let said = |verdict: Verdict| match verdict {
        Verdict::Allow => (verdict, format!("{with_category} is allowed")),
        Verdict::Review => (verdict, format!("{with_category} is to be reviewed")),
        Verdict::Deny => (verdict, format!("{with_category} is denied")),
    };
    // The license as it is written, then each of those that it lets one choose, then what kind it is.
    if let Some(verdict) = lists.of_id(&shown).or_else(|| lists.of_id(term.id())) {
        return said(verdict);
    }
    let offers = term.offers();
    if let Some(verdict) = offers[1..].iter().filter_map(|id| lists.of_id(id)).max()
        && (verdict == Verdict::Allow || offers[1..].iter().all(|id| lists.of_id(id).is_some()))
    {
        return said(verdict);
    }
    if let Some(verdict) = category.and_then(|category| lists.of_category(category)) {
        return said(verdict);
    }
    if shown == normalize::NOTHING {
        return (lists.unknown, "nothing is known of its license".to_owned());
    }
    if !term.is_known() {
        return (lists.unknown, format!("{shown} is no license that is known"));
    }
    if lists.is_closed {
        return (Verdict::Deny, format!("{shown} is not on the list of allowed licenses"));
    }
    match category {
        Some(_) => (Verdict::Allow, format!("{with_category} is not denied")),
        None => (lists.unknown, format!("{shown} is in no category")),
    }
}
