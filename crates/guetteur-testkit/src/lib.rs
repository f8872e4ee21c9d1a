//! What tests need, in one place: throw-away databases, and the simulated world of
//! [`guetteur_simulation`].

pub mod db;

pub use guetteur_simulation::{corpus, pdf, sites};
