//! Walks of simulated sites.

mod faults;
mod news;
mod passes;
mod shapes;
mod site;
