//! Walks of simulated sites.

mod faults;
mod shapes;
mod site;
