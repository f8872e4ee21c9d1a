//! Walks of simulated sites.

mod shapes;
mod site;
