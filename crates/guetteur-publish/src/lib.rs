//! What an answer is, whatever carries it: the site, a letter, a post, a file of the command line.
//!
//! A [`catalogue::Catalogue`] gives acts from store and index as readers see them
//! ([`published::PublishedAct`]); a list of them is an address ([`address::Filters`]) and is written
//! as feed or export ([`listing`]). It knows nothing of HTTP: no request, no header, no status.
//!
//! To add one more
//! - *filter of lists*: see [`address`];
//! - *column of exports*: a row of `export/columns.rs`;
//! - *format of a list*: see [`listing`];
//! - *fact shown*: a row in [`facts`];
//! - *state of an act*: see [`state`].

// `Box::pin` around the body: what an `async fn` does is compiled where it is boxed. Unboxed, a release build
// compiles it again in every crate that waits for it, with all of sqlx below it (docs/decisions.md).
pub(crate) use async_recursion::async_recursion as boxed;

pub mod address;
pub mod alarms;
pub mod badge;
pub mod catalogue;
mod cover;
pub mod export;
pub mod facts;
pub mod failure_words;
pub mod feeds;
pub mod first_alert;
pub mod followed;
pub mod formats;
pub mod french;
pub mod health;
pub mod hour;
pub mod indexing;
mod json;
pub mod kept_table;
pub mod last_read;
pub mod letters;
pub mod listing;
pub mod mailbox;
pub mod precedents;
pub mod published;
pub mod reading_on;
pub mod register;
pub mod reminders;
mod repeals;
pub mod reviews;
pub mod site;
pub mod standing;
pub mod state;
pub mod subscribing;
pub mod templates;
pub mod told_act;
mod told_alarm;
pub mod websub;

pub use catalogue::{Catalogue, CatalogueError};
pub use followed::Followed;
pub use published::PublishedAct;
pub use site::Site;
pub use state::State;
pub use told_act::ToldAct;
pub use told_alarm::ToldAlarm;
