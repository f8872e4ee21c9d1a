//! Pages as sites send them: bytes to text as browsers decode them ([`decode()`]), text to a tree
//! within limits ([`parse`]), and the addresses that it names ([`Addresses`], [`forward()`]).
//!
//! It knows nothing of what a page is about. What people write that the standard reads otherwise
//! than they meant is mended in `mend.rs`; what would cost quadratic time is withheld in
//! `bounded.rs`. A page comes from outside: nothing here panics or hangs on any bytes.

mod addresses;
mod bounded;
mod decode;
mod forward;
mod mend;
mod tags;

use std::fmt;

pub use addresses::Addresses;
pub use bounded::{Parsed, parse};
pub use decode::decode;
pub use encoding_rs::{Encoding, UTF_8};
pub use forward::{document_behind, forward};

/// A pattern of this crate.
fn pattern(text: &str) -> regex::Regex {
    regex::Regex::new(text).expect("the crate's own patterns are valid: tests compile them all")
}

/// The limit that cut a page short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// More tags than this.
    Tags(u32),
    /// More links than this.
    Links(usize),
    /// It took too long.
    Time,
}

/// In French, for people: it is shown as the reason for which a page counts as failed.
impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tags(most) => write!(f, "page coupée : plus de {most} balises"),
            Self::Links(most) => write!(f, "page coupée : plus de {most} liens"),
            Self::Time => f.write_str("page coupée : trop longue à lire"),
        }
    }
}
