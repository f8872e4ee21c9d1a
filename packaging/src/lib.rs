//! Manual pages and shell completions of `guetteur`, generated from its command line.

use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use clap_complete::Shell;
use guetteur::cli::command;

/// The program that the files are for.
pub const PROGRAM: &str = "guetteur";

/// Writes `man/*.1`, one page a command, and `completions/*`, one file a shell, into `dir`.
///
/// # Errors
/// When `dir` cannot be written.
pub fn generate(dir: &Path) -> Result<()> {
    let (man, completions) = (dir.join("man"), dir.join("completions"));
    for folder in [&man, &completions] {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    clap_mangen::generate_to(command(), &man).context("manual pages")?;
    for shell in Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut command(), PROGRAM, &completions)
            .with_context(|| format!("completions for {shell}"))?;
    }
    Ok(())
}
