//! The law as data: texts with dates, what in an act may lack a basis in them, the competent court.
//!
//! - [`Library`]: the texts of `texts/*.toml` and of an operator's folder; [`Library::basis`] says
//!   which of them lets a measure be authorised on a day.
//! - [`legal_doubts`]: what an act decides, held against the texts in force on its days. Pure:
//!   facts, flags and folded text in, doubts with their evidence out.
//! - [`court_of_source`]: the administrative court before which an authority's acts are contested.
//!
//! A legal doubt is no verdict: it names the text, the act's own words, and what would dispel it.
//! It is not the *doubt* of the facts, which is a contradiction in what an act says.
//!
//! Nothing else in the workspace cites law by a string of its own: rules and letters cite ids of
//! this crate. To add or mend a text: docs/law.md. To add a kind of doubt: a limit in `text.rs`, the
//! words for it in `words.toml`, a function in `doubts/`, and composed acts in `fixtures/doubts/`.

mod courts;
mod doubts;
mod error;
mod library;
mod sentences;
mod text;
mod words;

pub use courts::{Court, court_of, court_of_source, courts};
pub use doubts::{ActUnderLaw, legal_doubts};
pub use error::LawError;
pub use library::{Basis, Library};
pub use text::{Capability, LegalText, Limits, Required, State, User};
