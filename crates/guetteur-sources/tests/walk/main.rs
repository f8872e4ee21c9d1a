//! Walks of simulated sites.

mod faults;
mod news;
mod passes;
mod record;
mod shapes;
mod site;
mod unread;
