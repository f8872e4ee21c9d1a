//! The archive: every document under its SHA-256, written once, proven as it leaves.
//!
//! [`Archive`] is one thing to all who use it, wherever it lies ([`Location`]): in a folder
//! (`folder.rs`: `ab/cd/abcd….pdf`), or in an S3-compatible store under the same names
//! (`objects.rs`), with a folder near (`near.rs`) for what is at hand; there the store is the truth.
//! A document comes in through [`Incoming`] and leaves through [`Archive::file`], which demands that
//! its bytes have the hash that names it.
//!
//! [`Files`] are other files of the same places, under names of their own.
//!
//! It knows nothing of what a bulletin is, nor of the database.

mod archive;
mod copying;
mod error;
mod files;
mod folder;
mod incoming;
mod leftovers;
mod location;
mod near;
mod objects;
mod proven;

pub use archive::{Archive, Listing, Soundness};
pub use copying::{Copied, copy};
pub use error::{ArchiveError, StoreTrouble, UnprovenPdf};
pub use files::{Files, Listed};
pub use incoming::{Incoming, Kept};
pub use location::{Location, Near, StoreSettings};
pub use proven::ProvenFile;
