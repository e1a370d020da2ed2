//! `scanall man`: manual pages, made of the arguments themselves.

use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::Answer;
use crate::cli::Cli;
use crate::cli::man::ManArgs;
use crate::error::Error;
use crate::{edit, text};

/// Answers with the page of scanall, or writes one for each command into a folder, which is made if need be.
///
/// # Errors
/// The folder or a page cannot be written.
pub fn run(args: &ManArgs) -> Result<Answer, Error> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let Some(folder) = &args.dir else { return Ok(Answer::of(page(root)?)) };
    std::fs::create_dir_all(folder)
        .map_err(|e| Error::usage(format!("cannot make the folder `{}`", folder.display())).because(e))?;
    let mut count = 0;
    write(&root, "scanall", folder, &mut count)?;
    Ok(Answer::of(format!("Wrote {} to {}\n", text::count(count, "page"), folder.display())))
}

/// Writes the page of a command and those below it, named as `man` looks for them: `scanall-baseline-show.1`.
fn write(command: &clap::Command, name: &str, folder: &Path, count: &mut usize) -> Result<(), Error> {
    edit::write(&folder.join(format!("{name}.1")), &page(command.clone())?)?;
    *count += 1;
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        write(below, &format!("{name}-{}", below.get_name()), folder, count)?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Result<String, Error> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| Error::usage("cannot write the manual page").because(e);
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes).map_err(|e| failed(e.into()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.into()))
}
