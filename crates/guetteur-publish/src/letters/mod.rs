//! Letters and motions about a commune: templates as data, filled with acts, given as text or as an
//! OpenDocument file.
//!
//! Templates are text files that an operator may replace or add (`docs/writing-a-letter.md`):
//! [`shelf`] reads them, [`cited`] says what they are filled with, [`markup`] reads the filled
//! text, [`odt`] writes it as a document. An application to a judge is one of them: about an act,
//! filled with a [`case`].

mod case;
mod cited;
mod deadline;
mod markup;
mod odt;
mod shelf;

pub use case::Case;
pub use cited::{Filling, Town};
pub use markup::{Block, blocks};
pub use odt::{MEDIA_TYPE as ODT_MEDIA_TYPE, write_odt};
pub use shelf::{Letter, LetterKind};
pub use shelf::{LetterError, Letters};
