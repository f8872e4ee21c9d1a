//! Writes what a package holds beside the program: `guetteur-packaging DIR`.

use std::path::PathBuf;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let dir = std::env::args_os().nth(1).context("usage: guetteur-packaging DIR")?;
    guetteur_packaging::generate(&PathBuf::from(dir))
}
