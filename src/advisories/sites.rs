//! Defines [`Sites`]: the servers that have advisories.

/// The servers that have advisories: addresses without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sites {
    /// OSV's dumps: `<dumps>/npm/all.zip` (<https://google.github.io/osv.dev/data/#data-dumps>).
    pub dumps: String,
    /// OSV's API: `<api>/v1/querybatch` (<https://google.github.io/osv.dev/api/>).
    pub api: String,
    /// CISA's catalogue of vulnerabilities that are exploited.
    pub kev: String,
    /// FIRST's scores of today (<https://www.first.org/epss/data_stats>).
    pub epss: String,
}

impl Sites {
    /// The servers themselves; or one that stands in for all of them, with a folder of dumps, the API, and both lists by
    /// the names of their files.
    pub fn of(mirror: Option<&str>) -> Self {
        let at = |own: &str, path: &str| match mirror {
            Some(mirror) => format!("{}{path}", mirror.trim_end_matches('/')),
            None => format!("{own}{path}"),
        };
        Self {
            dumps: at("https://storage.googleapis.com", "/osv-vulnerabilities"),
            api: at("https://api.osv.dev", ""),
            kev: at("https://www.cisa.gov/sites/default/files/feeds", "/known_exploited_vulnerabilities.json"),
            epss: at("https://epss.empiricalsecurity.com", "/epss_scores-current.csv.gz"),
        }
    }
}

impl Default for Sites {
    fn default() -> Self {
        Self::of(None)
    }
}
