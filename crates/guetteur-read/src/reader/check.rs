//! What can be told of a file without any parser.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::{ReadError, sniff};

/// Bytes looked at for the end mark: rubbish after it is common.
const TAIL: u64 = 8192;

/// Looks at both ends of the file; true if it carries its end mark.
pub(super) fn check(pdf: &Path, limit: u64) -> Result<bool, ReadError> {
    let mut file = std::fs::File::open(pdf).map_err(ReadError::Open)?;
    let bytes = file.metadata().map_err(ReadError::Open)?.len();
    if bytes == 0 {
        return Err(ReadError::Empty);
    }
    let mut head = Vec::new();
    file.by_ref().take(2048).read_to_end(&mut head).map_err(ReadError::Open)?;
    if let Some(media_type) = sniff::not_a_pdf(&head) {
        return Err(ReadError::NotPdf { media_type });
    }
    if bytes > limit {
        return Err(ReadError::TooBig { bytes, limit });
    }
    file.seek(SeekFrom::Start(bytes.saturating_sub(TAIL))).map_err(ReadError::Open)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(ReadError::Open)?;
    Ok(sniff::is_complete(&tail))
}
