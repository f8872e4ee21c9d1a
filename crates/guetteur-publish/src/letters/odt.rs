//! A letter as an OpenDocument text: a zip of a few XML parts, written from templates. LibreOffice
//! and Word open it.

use std::io::{Cursor, Write};

use chrono::{DateTime, Utc};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Block;
use super::LetterError;
use crate::{fields, templates};

/// Its media type, which is also its first part.
pub const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.text";

/// Writes the document.
///
/// # Errors
/// When a template lacks something, or memory does: mistakes of ours.
pub fn write_odt(
    title: &str,
    blocks: &[Block],
    now: DateTime<Utc>,
) -> Result<Vec<u8>, LetterError> {
    let made_at = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let part = |name: &str| {
        let filled = templates::render(name, fields! { title, blocks, made_at });
        filled.map_err(|error| LetterError::Fill { name: name.to_owned(), error })
    };
    let parts = [
        ("content.xml", part("letter-content.xml")?),
        ("styles.xml", part("letter-styles.xml")?),
        ("meta.xml", part("letter-meta.xml")?),
        ("META-INF/manifest.xml", part("letter-manifest.xml")?),
    ];
    packed(&parts).map_err(LetterError::Pack)
}

fn packed(parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Programs tell the kind of file by this part: first, and as it is.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", stored)?;
    zip.write_all(MEDIA_TYPE.as_bytes())?;
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
