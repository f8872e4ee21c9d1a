//! The words of the field as types: sources, bulletins, documents, pages, acts, flags, facts;
//! French dates; text folding; the clock.
//!
//! This crate knows nothing of HTTP, SQL or HTML, and depends on no other crate of the workspace.
//! One word for one thing: the glossary in `docs/architecture.md` lists them.

mod access;
mod act;
mod bulletin;
mod clock;
pub mod dates;
mod fact;
mod failure;
mod file_times;
mod flag;
pub mod fold;
pub mod furniture;
mod hidden_words;
mod ids;
mod left_out;
mod legal_doubt;
mod lost_glyph;
mod origin;
mod outcome;
mod page;
mod review;
mod sha256;
mod source;
mod town_step;

pub use access::{Access, Hours, HoursError};
pub use act::{Act, ActPage, PageSpan};
pub use bulletin::{BulletinLink, Stage};
pub use clock::{Clock, FixedClock, SystemClock};
pub use fact::{ActReference, Change, Commune, Facts, Purpose, Region, Trace, When};
pub use failure::{Failure, FailureKind};
pub use file_times::{FileTime, FileTimes};
pub use flag::{Basis, Category, Flag, Level, Span, UnknownId};
pub use hidden_words::HiddenWords;
pub use ids::{
    ActId, AlarmId, BulletinId, MaskId, MessageId, OutcomeId, ReviewId, SubscriptionId, TownStepId,
};
pub use left_out::{LeftOut, LeftOutReason};
pub use legal_doubt::{LegalDoubt, LegalDoubtKind};
pub use lost_glyph::{lost_glyph, restore_lost_glyphs};
pub use origin::{PageOrigin, ReaderVersions, TracedPage};
pub use outcome::{Ground, Ruling};
pub use page::{Method, PORTFOLIO_STANDS_IN, Page, XFA_STANDS_IN};
pub use review::{Answer, Subject};
pub use sha256::{Sha256, Sha256Error};
pub use source::{Source, SourceKind};
pub use town_step::TownStep;
