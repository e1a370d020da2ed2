//! `scanall init`: writes what runs scanall elsewhere, and a configuration to begin with. What is there stays as it is.

mod place;
mod template;

use std::fmt::Write as _;
use std::path::Path;

use super::Answer;
use crate::cli::InitArgs;
use crate::error::Error;
use crate::text;
use place::{Place, Written};
use template::Template;

/// Writes or shows the files that were asked for, and says which.
///
/// # Errors
/// The folder cannot be written into, or a link leads out of it.
pub fn run(args: &InitArgs) -> Result<Answer, Error> {
    let templates = template::wanted(args);
    if args.print {
        let shown: Vec<String> =
            templates.iter().map(|template| format!("# {}\n{}", template.path, template.text())).collect();
        return Ok(Answer::of(shown.join("\n")));
    }
    let place = Place::open(&args.dir)?;
    let mut said = String::new();
    for template in templates {
        said.push_str(&write(template, &place)?);
    }
    Ok(Answer::of(said))
}

/// Writes one file, and says what came of it.
fn write(template: &Template, place: &Place) -> Result<String, Error> {
    let path = template.path;
    let text = template.text();
    Ok(match place.write(Path::new(path), &text)? {
        Written::New => format!("wrote {path}: {}\n", template.about),
        Written::Same => format!("{path} is there already\n"),
        Written::Other(existing) => match template.addition(&existing, &text) {
            None => format!("left {path} as it is, since it exists; --print shows what would be in it\n"),
            Some(template::Addition::Present) => format!("left {path} as it is; it names scanall already\n"),
            Some(template::Addition::Missing { under, lines }) => {
                let mut said = format!("left {path} as it is, since it exists; add this under `{under}`:\n\n");
                for line in lines {
                    let _ = writeln!(said, "{}", text::printable(line));
                }
                said.push('\n');
                said
            }
        },
    })
}
