//! Letters and motions about a commune: templates as data, filled with acts, given as text or as an
//! OpenDocument file.
//!
//! Templates are text files that an operator may replace or add (`docs/writing-a-letter.md`):
//! [`shelf`] reads them, [`cited`] says what they are filled with, [`markup`] reads the filled
//! text, [`odt`] writes it as a document.

mod cited;
mod markup;
mod odt;
mod shelf;

pub use cited::{Filling, Town};
pub use markup::{Block, blocks};
pub use odt::{MEDIA_TYPE as ODT_MEDIA_TYPE, write_odt};
pub use shelf::{Kind, Letter};
pub use shelf::{LetterError, Letters};
