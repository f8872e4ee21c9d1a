//! Where something is served, said once at its start.

use crate::config::{Config, LogFormat};

/// To people in words (« Guetteur est servi sur http://… », which scripts wait for), in a log of objects
/// as one of them.
pub(crate) fn tell(config: &Config, what: &str, url: &str) {
    match config.log.format {
        LogFormat::Text => eprintln!("{what} sur {url}"),
        LogFormat::Json => tracing::info!(url, "serving"),
    }
}
