//! Simulated prefecture sites, rendered from descriptions of real ones.
//!
//! [`SiteSet`] answers requests without a socket; [`mod@serve`] puts it behind HTTP as `--mirror` wants.
//! Faults are set per address, and requests are logged. To add a site, add a description to
//! `fixtures/sites`.

mod fault;
mod markup;
mod render;
mod serve;
mod set;
mod spec;

pub use fault::Fault;
pub use markup::Markup;
pub use render::render;
pub use serve::{router, serve};
pub use set::{PdfSource, SiteAnswer, SiteError, SiteRequest, SiteSet};
pub use spec::{BlockSpec, BulletinSpec, DecoySpec, HeadingSpec, LabelSpec, PageSpec, SiteSpec};
