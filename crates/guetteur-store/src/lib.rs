//! SQLite and PostgreSQL behind one API: migrations, claims and leases, documents, acts.
//!
//! It knows nothing of HTTP, HTML, or how a stage does its work. Times are passed in; there is no
//! clock here. Rules: not found is `Ok(None)`; what belongs together is one transaction; a stage's
//! rows and its mark on the bulletin are written together, after checking that the lease is still
//! ours.
//!
//! To add a table: a migration of the same name in `migrations/sqlite` and `migrations/postgres`,
//! its statements as a file of `statements/` (written once, compiled for both databases), its
//! operations as a file here, a test of each in `tests/` (run on both).

// `statements/` is compiled for each database: that is the point.
#![expect(clippy::duplicate_mod, reason = "the same statements, typed for each database")]

// `Box::pin` around the body: what an `async fn` does is compiled where it is boxed. Unboxed, a release build
// compiles it again in every crate that waits for it, with all of sqlx below it (docs/decisions.md).
pub(crate) use async_recursion::async_recursion as boxed;

mod act_identity;
mod act_records;
mod acts;
mod address;
mod alarms;
mod alerts;
mod bulletins;
mod changed_pdfs;
mod claims;
mod clean;
mod copy_before;
mod counted;
mod counts;
pub mod coverage;
mod documents;
mod error;
mod failures;
mod from_row;
mod gauges;
mod hidden_words;
mod known_days;
mod left_out;
mod links;
mod maintenance;
mod marks;
mod masks;
mod messages;
mod migrations;
mod moving;
mod newest_lists;
mod numbers;
mod open;
mod outcomes;
mod pace;
mod packing;
mod page_texts;
mod passes;
mod pooler;
mod postgres;
mod prepared_act;
mod rechecks;
mod recognition;
mod reviews;
mod rhythm;
mod rows;
mod rule_tallies;
mod scrubs;
mod sqlite;
mod store;
mod subscriptions;
mod tellings;
mod town_steps;
mod versions;
mod visits;
mod words;

pub use act_records::{ActRecord, ActView, Sighting, Totals};
pub use acts::{AnalysedAct, FlagSummary, RuleChange};
pub use alarms::{Alarm, AlarmKind, AlarmTold, Wrong};
pub use alerts::{Alert, AlertContent, AlertState, Turn};
pub use bulletins::{BulletinFilter, BulletinNumber, BulletinRow, FoundSummary};
pub use changed_pdfs::{ChangedPdf, PdfChange};
pub use claims::{Backlog, ClaimedBulletin, Fate};
pub use copy_before::forget_copies_before_migrations;
pub use counted::{CountedRow, ReadSpan};
pub use counts::SourceCounts;
pub use coverage::SourceStatus;
pub use documents::{
    DocumentRow, DocumentStatus, FetchOutcome, FetchRecord, HeldDocument, Version,
};
pub use error::{BackupTrouble, DatabaseTrouble, MigrationTrouble, StoreError};
pub use failures::SourceFailure;
pub use gauges::{FailureGauge, Gauges, MessageGauge, StageGauge};
pub use hidden_words::ConcealingDocument;
pub use links::{ActIdentity, LinkedActs};
pub use maintenance::Check;
pub use masks::{BAR, Laid, Mask, NewMask};
pub use messages::{
    ClaimedMessage, MessageKind, MessageNote, MessageState, NewMessage, Payload, Settled, Trouble,
};
pub use moving::{MoveStep, MovedTable};
pub use newest_lists::{ListRole, Look, NewestList};
pub use outcomes::{NewOutcome, Outcome, Recorded, standing_outcome};
pub use pace::Pace;
pub use passes::{PassKind, PassOutcome, SourceState};
pub use rechecks::{Recheck, Rechecked, WATCHED_FOR, next_check};
pub use recognition::{OcrQueue, OcrRank, ReadRecord};
pub use reviews::{NewReview, REVIEW_RULE, Review, Reviewed};
pub use rhythm::Rhythm;
pub use rule_tallies::RuleTally;
pub use scrubs::{Damage, DamagedDocument, Scrub, ScrubKind};
pub use store::Store;
pub use subscriptions::{
    About, Channel, Created, FORGOTTEN_AFTER, Frequency, LETTERS_A_DAY, LETTERS_A_DAY_TO_ALL,
    NewSubscription, Receiver, SignUp, Subscription, Wish,
};
pub use tellings::{ActChange, Known, KnownOf, Telling, Told};
pub use town_steps::{NewStep, RecordedStep};
pub use visits::{VisitClaim, VisitKind};
