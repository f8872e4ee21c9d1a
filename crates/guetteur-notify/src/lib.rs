//! Alerts by e-mail, webhook and on Mastodon: which acts are to be told to whom, in which words, and
//! by which way.
//!
//! Two steps that know each other only by the outbox of the database: [`Notifier::queue`] looks for
//! acts that changed since each subscription's mark, and writes messages in the transaction that
//! moves the mark; [`Notifier::send`] claims messages and sends them. What is told is put in words
//! when it is sent, so that a passage masked in between is masked.
//!
//! What is wrong for long (a source that cannot be read) goes the same way: see `alarms.rs`.
//!
//! What happens to a message when its sender dies is decided in [`resume()`], way by way.
//!
//! It knows nothing of how a page is read, and opens sockets to the operator's own mail server and
//! receivers only.
//!
//! To add a way: a channel in `guetteur-store`, a file here that sends a message and tells what came
//! of it as a [`Outcome`], an arm in `sender.rs`, a rule in `resume.rs`.

mod alarm_post;
mod alarms;
mod backoff;
mod clerk;
mod compose;
mod decide;
mod error;
mod http;
mod letter;
mod mastodon;
mod notifier;
mod ping;
mod providers;
mod queue;
mod refusal;
mod renewals;
mod resume;
mod round;
mod sender;
mod settings;
mod signature;
mod smtp;
mod still_watching;
mod templates;
mod trial;
mod webhook;
mod websub;

pub use compose::{Composed, compose};
pub use error::NotifyError;
pub use letter::Letter;
pub use notifier::{Notifier, Sent};
pub use ping::Pinger;
pub use refusal::Refusal;
pub use resume::{Resume, resume};
pub use sender::Outcome;
pub use settings::{Mail, Mastodon, Settings, Tls, Webhook, mailbox};
pub use signature::{sign, signing_key};
pub use smtp::check as check_mail_server;
pub use templates::TEMPLATES;
pub use websub::is_of_hub;
