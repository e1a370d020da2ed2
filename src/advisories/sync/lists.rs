//! CISA's catalogue and FIRST's scores, each asked for only where it has changed.

use super::Work;
use crate::advisories::exploited::{read_epss, read_kev};
use crate::error::Error;

/// Brings both up to date; says what went wrong.
pub(super) fn update(work: &mut Work<'_>) -> Vec<String> {
    let sites = work.context.options.advisory_sites.clone();
    let mut trouble = Vec::new();
    let mut note = |name: &str, done: Result<(), Error>| {
        if let Err(why) = done {
            trouble.push(format!("{name}: {}", why.chain().join(": ")));
        }
    };
    let kev = get(work, &sites.kev, 0, work.lists.kev.is_some()).and_then(|new| {
        let Some((body, tag)) = new else { return Ok(()) };
        let list = read_kev(&body).map_err(|why| Error::usage("CISA's catalogue cannot be read").because(why))?;
        work.lists.kev = Some(list);
        work.tags[0] = tag;
        Ok(())
    });
    note("KEV", kev);
    let epss = get(work, &sites.epss, 1, work.lists.epss.is_some()).and_then(|new| {
        let Some((body, tag)) = new else { return Ok(()) };
        let list = read_epss(flate2::read::MultiGzDecoder::new(&body[..]))
            .map_err(|why| Error::usage("FIRST's scores cannot be read").because(why))?;
        work.lists.epss = Some(list);
        work.tags[1] = tag;
        Ok(())
    });
    note("EPSS", epss);
    trouble
}

/// What a server has, with its entity tag; `None` where that has not changed.
fn get(work: &Work<'_>, url: &str, at: usize, has: bool) -> Result<Option<(Vec<u8>, String)>, Error> {
    let tag = work.tags.get(at).map(String::as_str).filter(|tag| has && !tag.is_empty());
    let answer = work.wait_for(work.context.net.get(url, tag))??;
    match answer.status {
        304 => Ok(None),
        200 => Ok(Some((answer.body, answer.etag.unwrap_or_default()))),
        status => Err(Error::usage(format!("the server answered with status {status}"))),
    }
}
