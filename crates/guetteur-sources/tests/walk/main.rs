//! Walks of simulated sites.

mod faults;
mod news;
mod shapes;
mod site;
