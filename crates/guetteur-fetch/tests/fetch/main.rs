//! The client against servers on this machine, and against a simulated clock.

mod browser;
mod clock;
mod http;
mod inside;
mod proxy;
