//! Defines [`Scanner`]: one layer of scanall, and what it may say while it runs.

pub mod advisories;
pub mod image;
pub mod ingest;
pub mod licenses;
pub mod registry;
pub mod secrets;
pub mod tool;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::config::{self, Config};
use crate::error::Error;
use crate::finding::{Confidence, Finding, Kind, RepoPath, assessment};
use crate::ingest::Ingested;
use crate::inventory::Inventory;
use crate::net::Net;
use crate::options::Options;
use crate::rule::import::{Home, Imported};
use crate::rule::pack;
use crate::rule::secret::SecretRule;
use crate::target::Target;
use secrets::matcher::Matcher;
use secrets::weigh::Terms;

/// One layer: it looks at the target and reports findings. Adding one is a file and a line in [`registry`].
pub trait Scanner: Send + Sync {
    /// The word on the command line and in every output.
    fn id(&self) -> &'static str;

    /// What it looks for, a few words.
    fn about(&self) -> &'static str;

    /// The kinds of finding it can report; a kind is complete only when every scanner of it that ran completed.
    fn kinds(&self) -> &'static [Kind];

    /// The kinds that it has looked for, asked once it has ended; differs from [`Scanner::kinds`] where only what is
    /// looked at tells.
    fn covered(&self) -> Vec<Kind> {
        self.kinds().to_vec()
    }

    /// The external program that it runs; `None` for a layer of scanall's own.
    fn spec(&self) -> Option<&'static tool::Spec> {
        None
    }

    /// Decides, quickly and without side effects, whether there is anything to do.
    fn plan(&self, context: &Context) -> Plan;

    /// Looks. What was reported before an error stays.
    ///
    /// # Errors
    /// The layer failed as a whole; the run is then incomplete.
    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error>;
}

/// What a scanner intends to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It has work.
    Run,
    /// It has none, for a reason that every output shows.
    Skip(String),
    /// It cannot take part here, for a reason that only those hear who ask: its program is not installed.
    Absent(String),
}

/// All that a scanner may know.
pub struct Context {
    /// What is scanned.
    pub target: Target,
    /// The folder that the project's own rules are read from: the root of the target, unless another version of it is
    /// scanned by the same rules.
    pub project: PathBuf,
    /// The project's settings.
    pub config: Arc<Config>,
    /// The choices of this run.
    pub options: Options,
    /// The secret rules of the project and of the user; a later id wins over an earlier and over a built-in one.
    pub user_rules: Vec<Arc<SecretRule>>,
    /// What files of other tools say beside their rules, which are among the users'.
    pub imported: Arc<Imported>,
    /// The only way to the network.
    pub net: Net,
    /// Whether the user has asked to stop.
    pub cancel: Cancel,
    /// Runs child processes and requests.
    pub runtime: tokio::runtime::Handle,
    inventory: OnceLock<Inventory>,
    ingested: OnceLock<Mutex<Ingested>>,
    paths: OnceLock<Vec<RepoPath>>,
    /// Made when first asked for, and shared with every context beside this one.
    matcher: Arc<OnceLock<Matcher>>,
}

impl Context {
    /// Gathers what scanners may know.
    ///
    /// # Errors
    /// A rule pack of the project or of the user is not valid.
    pub fn new(
        target: Target,
        config: Config,
        options: Options,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, Error> {
        let mut imported = if config.secrets.import { Imported::discover(&target.root) } else { Imported::default() };
        // Whoever can change what is scanned could send secrets anywhere: its packs ask nobody.
        imported.rules = pack::silenced(std::mem::take(&mut imported.rules));
        for name in &config.secrets.rules {
            let path = target.root.join(RepoPath::new(name).as_str());
            let mut pack = pack::import(&Home { file: &path, root: &target.root, bound: true })?;
            pack.rules = pack::silenced(pack.rules);
            imported.add(pack);
        }
        for path in &options.rules {
            let mut pack = pack::import(&Home { file: path, root: Path::new("."), bound: false })?;
            // Of the user's own packs, those in what is scanned may be anybody's.
            if options.rules_within.contains(path) {
                pack.rules = pack::silenced(pack.rules);
            }
            imported.add(pack);
        }
        let (user_rules, imported) = (std::mem::take(&mut imported.rules), Arc::new(imported));
        let net = Net::new(options.offline);
        let (project, config) = (target.root.clone(), Arc::new(config));
        let (cancel, matcher) = (Cancel::default(), Arc::default());
        let (inventory, ingested, paths) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let made = Self {
            target,
            project,
            config,
            options,
            user_rules,
            imported,
            net,
            cancel,
            runtime,
            inventory,
            ingested,
            paths,
            matcher,
        };
        Ok(made)
    }

    /// The same rules and settings for another target: a change of them is no change of what is there.
    #[must_use]
    pub fn beside(&self, target: Target, options: Options) -> Self {
        Self {
            target,
            project: self.project.clone(),
            config: Arc::clone(&self.config),
            net: Net::new(options.offline),
            options,
            user_rules: self.user_rules.clone(),
            imported: Arc::clone(&self.imported),
            cancel: self.cancel.clone(),
            runtime: self.runtime.clone(),
            inventory: OnceLock::new(),
            ingested: OnceLock::new(),
            paths: OnceLock::new(),
            matcher: Arc::clone(&self.matcher),
        }
    }

    /// On what terms what could be a secret is weighed.
    pub(crate) fn terms(&self) -> Terms {
        let least = assessment::least(self.options.confidence.unwrap_or(Confidence::Medium));
        Terms { least, now: self.options.now }
    }

    /// The secret rules that a scan uses, by id.
    pub fn secret_rules(&self) -> Vec<Arc<SecretRule>> {
        pack::merge([self.imported.change(pack::embedded()), self.user_rules.clone()])
    }

    /// The secret rules, ready to search.
    ///
    /// # Errors
    /// There are too many of them.
    pub fn matcher(&self) -> Result<&Matcher, Error> {
        if let Some(matcher) = self.matcher.get() {
            return Ok(matcher);
        }
        let made = Matcher::new(self.secret_rules())?.accepting(self.imported.accepted.clone());
        Ok(self.matcher.get_or_init(|| made))
    }

    /// The dependencies of the target and the components of bills of materials, read when first asked for.
    pub fn inventory(&self) -> &Inventory {
        self.inventory.get_or_init(|| {
            let mut inventory = match self.options.reports_alone {
                true => Inventory::default(),
                false => Inventory::read(&self.target, &self.exclusion()),
            };
            inventory.add(&self.ingested().lock().unwrap_or_else(PoisonError::into_inner).components);
            inventory
        })
    }

    /// Which files the project has excluded.
    pub fn exclusion(&self) -> impl Fn(&RepoPath) -> bool + Sync + use<> {
        // A glob that is not valid ends every run before this.
        let globs = self.config.scan.exclude.iter().filter_map(|glob| config::glob_of(glob).ok());
        let globs: Vec<_> = globs.collect();
        move |path: &RepoPath| globs.iter().any(|glob| glob.is_match(path.as_str()))
    }

    /// The same for whoever is done with everything else.
    pub fn into_inventory(self) -> Inventory {
        self.inventory();
        self.inventory.into_inner().unwrap_or_default()
    }

    /// What the reports that were named say, read when first asked for.
    pub fn ingested(&self) -> &Mutex<Ingested> {
        self.ingested.get_or_init(|| Mutex::new(Ingested::read(&self.options, &self.target)))
    }

    /// The paths of the files of the target, sorted, listed when first asked for; empty when they cannot be listed,
    /// which the layers that read them tell.
    pub fn paths(&self) -> &[RepoPath] {
        self.paths.get_or_init(|| {
            let listing = self.target.files().unwrap_or_default();
            listing.files.into_iter().map(|file| file.path).collect()
        })
    }
}

/// Takes what a scanner says, from any thread.
pub trait Sink: Sync {
    /// A finding.
    fn finding(&self, finding: Finding);
    /// Many at once.
    fn findings(&self, findings: Vec<Finding>) {
        findings.into_iter().for_each(|finding| self.finding(finding));
    }
    /// Something that could not be seen.
    fn gap(&self, gap: Gap);
    /// Something worth knowing that takes nothing from the result.
    fn note(&self, note: String);
    /// More work is known, in units of the scanner's own.
    fn expect(&self, units: u64);
    /// Work is done, in the same units.
    fn advance(&self, units: u64);
}

/// Something a scanner could not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Why it counts.
    pub cause: Cause,
    /// A sentence without a full stop: what was not seen and why.
    pub message: String,
    /// What to do about it; `None` when nothing can be done.
    pub hint: Option<String>,
}

/// Why something could not be seen; `--completeness` decides by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It should have worked: a damaged file, a tool that died, an interruption.
    Broken,
    /// It cannot be had here: no network, a shallow clone.
    Unavailable,
}

impl Gap {
    /// Something that should have worked.
    pub fn broken(message: impl Into<String>) -> Self {
        Self { cause: Cause::Broken, message: message.into(), hint: None }
    }

    /// Something that cannot be had here.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { cause: Cause::Unavailable, message: message.into(), hint: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A request to stop, shared by every thread of a run.
#[derive(Clone, Default)]
pub struct Cancel {
    flag: Arc<AtomicBool>,
    wake: Arc<tokio::sync::Notify>,
}

impl Cancel {
    /// Asks everybody to stop.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::SeqCst);
        self.wake.notify_waiters();
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }

    /// Waits until somebody asks to stop.
    pub async fn cancelled(&self) {
        let woken = self.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        if !self.is_cancelled() {
            woken.await;
        }
    }
}
