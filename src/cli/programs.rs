//! The arguments about external programs, of every command that runs some. What could make a program run or a credential
//! flow can be said here and not in a file of the repository.

use std::path::PathBuf;

use clap::Args;

/// How external programs are run.
#[derive(Args, Clone, Debug, Default)]
pub struct ProgramArgs {
    /// Run the programs that the repository's own .scanall.toml lists as `[[tool]]`; a file outside of it, given by
    /// --config, is trusted without
    #[arg(long, help_heading = "Tools")]
    pub allow_tools: bool,

    /// Let programs see a variable of the environment; with TOOL: in front, that one alone
    #[arg(long, value_name = "[TOOL:]NAME", help_heading = "Tools")]
    pub pass_env: Vec<String>,

    /// Where the program of a layer is, instead of looking on the PATH
    #[arg(long, value_name = "TOOL=FILE", value_parser = tool_path, help_heading = "Tools")]
    pub tool_path: Vec<(String, PathBuf)>,
}

fn tool_path(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((tool, file)) if !tool.is_empty() && !file.is_empty() => Ok((tool.to_owned(), PathBuf::from(file))),
        _ => Err("write TOOL=FILE, such as trivy=/opt/trivy/trivy".to_owned()),
    }
}
