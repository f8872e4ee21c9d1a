//! CSV files that an operator brings.

use std::path::Path;

use anyhow::Context as _;

/// The text of a file and its rows, read by `rows`: one with another encoding, or without the columns
/// asked for, is refused in words that name it.
pub(super) fn read<T>(
    path: &Path,
    rows: impl FnOnce(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    let bytes = std::fs::read(path).with_context(|| format!("lecture de {}", path.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        anyhow::anyhow!(
            "{} : attendu de l'UTF-8 (tableur : enregistrer sous « CSV UTF-8 »)",
            path.display()
        )
    })?;
    rows(&text).map_err(|why| anyhow::anyhow!("{} : {why}", path.display()))
}

/// Says which rows were left out, and why.
pub(super) fn tell_faults(faults: &[(u64, String)]) {
    for (line, why) in faults {
        eprintln!("ligne {line} écartée : {why}");
    }
}
