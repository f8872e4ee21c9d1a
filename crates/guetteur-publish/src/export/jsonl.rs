//! JSON Lines: the act as the API gives it, one object a line.

use std::io::Write;

use super::ExportError;
use crate::published::PublishedAct;

pub(super) fn write_rows(
    acts: &[PublishedAct],
    base_url: &str,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    for act in acts {
        serde_json::to_writer(&mut *out, &act.to_json(base_url))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
