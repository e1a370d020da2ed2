//! What has changed in an ecosystem since a time: `modified_id.csv` has a line `time,id` for each record, the newest
//! first.

use super::Work;
use crate::advisories::import::Gathered;
use crate::advisories::osv;
use crate::advisories::store::meta::seconds;
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::text;

/// Where more records have changed, the whole dump is downloaded.
const MOST: usize = 1000;
/// So many are asked for at once.
const AT_ONCE: usize = 16;

/// What has changed.
pub(super) struct Changed {
    pub(super) gathered: Gathered,
}

/// The records that changed; `None` where there are too many, or the server has no list.
pub(super) fn since(work: &Work<'_>, ecosystem: Ecosystem, newest: i64) -> Result<Option<Changed>, Error> {
    let base = format!("{}/{}", work.context.options.advisory_sites.dumps, ecosystem.osv().replace(' ', "%20"));
    let answer = work.wait_for(work.context.net.get(&format!("{base}/modified_id.csv"), None))??;
    if answer.status != 200 {
        return Ok(None);
    }
    let list = String::from_utf8_lossy(&answer.body);
    let Some(ids) = newer(&list, newest) else { return Ok(None) };
    let mut gathered = Gathered::default();
    for some in ids.chunks(AT_ONCE) {
        let answers: Vec<Result<Vec<u8>, Error>> = std::thread::scope(|scope| {
            let get = |id: &str| {
                let url = format!("{base}/{id}.json");
                let answer = work.wait_for(work.context.net.get(&url, None))??;
                match answer.status {
                    200 => Ok(answer.body),
                    status => Err(Error::usage(format!("the server answered with status {status} about {id}"))),
                }
            };
            let asked: Vec<_> = some.iter().map(|id| scope.spawn(move || get(id))).collect();
            let failed = || Err(Error::usage("the server could not be asked"));
            asked.into_iter().map(|thread| thread.join().unwrap_or_else(|_| failed())).collect()
        });
        for (id, answer) in some.iter().zip(answers) {
            let said = osv::from_json(&answer?).map_err(|why| {
                Error::usage(format!("the advisory `{}` cannot be read", text::printable(id))).because(why)
            })?;
            match said.record {
                Some(record) => gathered.records.push((record, super::SOURCE.to_owned())),
                None => gathered.gone.push(said.id),
            }
        }
    }
    Ok(Some(Changed { gathered }))
}

/// The ids behind a time, which itself counts, since a dump can be made in the middle of a second; `None` where there
/// are too many, or the list is none.
fn newer(list: &str, newest: i64) -> Option<Vec<&str>> {
    let mut ids = Vec::new();
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let (time, id) = line.split_once(',')?;
        let time = Some(seconds(time)).filter(|time| *time > 0)?;
        if time < newest {
            return Some(ids);
        }
        let id = id.trim();
        if ids.len() == MOST || !crate::advisories::api::is_id(id) {
            return None;
        }
        ids.push(id);
    }
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_until_what_is_known() {
        let list = "2026-01-03T00:00:00Z,A-1\n2026-01-02T00:00:00.5Z,A-2\n2026-01-01T00:00:00Z,A-3\n";
        assert_eq!(newer(list, seconds("2026-01-02T00:00:00Z")), Some(vec!["A-1", "A-2"]));
        assert_eq!(newer(list, seconds("2026-02-01")), Some(vec![]));
        assert_eq!(newer("2026-01-03T00:00:00Z,../../x\n", 5), None);
        assert_eq!(newer("<html>", 5), None);
        let many: String = (0..MOST + 5).map(|at| format!("2026-01-03T00:00:00Z,A-{at}\n")).collect();
        assert_eq!(newer(&many, 5), None);
    }
}
