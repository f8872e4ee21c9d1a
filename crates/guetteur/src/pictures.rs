//! Pages of archived PDFs as pictures for the site: the reader behind the site's interface.

use std::path::Path;

use async_trait::async_trait;
use guetteur_model::Method;
use guetteur_read::Reader;
use guetteur_web::{PageReader, PlacedWord, PlacedWords};

/// Enough to read on a screen; an A4 page is 827 pixels wide.
const DPI: u32 = 100;

/// Draws pages in the reader's confined child process.
pub struct Drawer(
    /// The reader.
    pub Reader,
);

#[async_trait]
impl PageReader for Drawer {
    async fn picture(&self, pdf: &Path, page: u32) -> Result<Vec<u8>, String> {
        self.0.picture(pdf, page, DPI).await.map_err(|error| error.to_string())
    }

    async fn words(&self, pdf: &Path, page: u32, method: Method) -> Result<PlacedWords, String> {
        let read = self.0.words(pdf, page, method).await.map_err(|error| error.to_string())?;
        let words = read.words.into_iter();
        let words = words.map(|word| PlacedWord { text: word.text, bounds: word.bounds });
        Ok(PlacedWords { size: read.size, words: words.collect() })
    }
}
