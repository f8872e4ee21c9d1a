//! End-to-end tests: the real program, as a user would run it, on simulated sites.
//!
//! One module a concern. `demo` is the main one: the whole line against a known truth.

mod accessibility;
mod alarms;
mod alerts;
mod bad_input;
mod bad_network;
mod browser;
mod contract;
mod crash;
mod demo;
mod fairness;
mod faults;
mod federation;
mod feeds;
mod first_alerts;
mod full_store;
mod hidden_words;
mod hostile;
mod killed_sender;
mod manners;
mod operations;
mod pauses;
mod probe;
mod programs;
mod reading;
mod reading_files;
mod renewals;
mod several_watches;
mod soak;
mod still_watching;
mod stopping;
mod support;
mod versions;
mod watching;
mod websub;
