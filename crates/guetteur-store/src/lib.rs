//! SQLite and PostgreSQL behind one API: migrations, claims and leases, documents, acts.
//!
//! It knows nothing of HTTP, HTML, or how a stage does its work; times are passed in.

mod acts;
mod bulletins;
mod claims;
mod documents;
mod error;
mod maintenance;
mod passes;
mod reading;
mod store;

pub use acts::{FlagSummary, NewAct};
pub use bulletins::{BulletinFilter, BulletinNumber, BulletinRow, FoundSummary};
pub use claims::{Backlog, ClaimedBulletin};
pub use documents::{DocumentRow, DocumentStatus, FetchRecord, Fetched, ReadRecord, Version};
pub use error::StoreError;
pub use maintenance::Check;
pub use passes::{PassKind, PassOutcome, SourceState};
pub use reading::{ActFilter, ActOrder, ActRecord, ActView, Totals};
pub use store::Store;
