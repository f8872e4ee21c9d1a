//! What tests need, in one place: throw-away databases and stores, and the simulated world of
//! [`guetteur_simulation`].

pub mod db;
pub mod gate;
pub mod objects;

pub use guetteur_simulation::{corpus, pdf, sites};
