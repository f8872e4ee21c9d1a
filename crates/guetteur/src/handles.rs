//! File handles: systems give a process some hundreds at first, and let it have more.

use rustix::process::{Resource, getrlimit, setrlimit};

/// As many as we ask for; more would be given to no use.
const ENOUGH: u64 = 65_536;

/// Raises the soft limit as far as the system lets us, and gives how many handles we may have.
pub fn raised() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(wanted);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, wanted, "the limit of file handles could not be raised");
        }
    }
    let allowed = getrlimit(Resource::Nofile).current.unwrap_or(ENOUGH);
    usize::try_from(allowed).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_as_high_as_we_may() {
        let highest = getrlimit(Resource::Nofile).maximum.unwrap_or(ENOUGH);
        assert!(raised() as u64 >= highest.min(ENOUGH));
        assert_eq!(raised(), raised(), "once is enough");
    }
}
