//! The pipeline inside the test's own process, at a time of the test's choice.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur::app::App;
use guetteur::config::Config;
use guetteur_model::Clock;
use tempfile::TempDir;

use super::{Sites, program};

/// A clock that the test moves.
pub(crate) struct MovedClock(Mutex<DateTime<Utc>>);

impl MovedClock {
    /// Stands at `start` until it is moved.
    pub(crate) fn at(start: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(start.parse().expect("time"))))
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: TimeDelta) {
        *self.0.lock().expect("clock") += time;
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("clock")
    }
}

/// An application on `sites`, with its data in `dir`; PDFs are read by the real program.
pub(crate) async fn open(sites: &Sites, dir: &TempDir, clock: Arc<MovedClock>) -> Arc<App> {
    open_with(sites, dir, clock, |_| {}).await
}

/// The same with other settings.
pub(crate) async fn open_with(
    sites: &Sites,
    dir: &TempDir,
    clock: Arc<MovedClock>,
    change: impl FnOnce(&mut Config),
) -> Arc<App> {
    let mut config = Config { data: dir.path().join("data"), ..Config::default() };
    config.mirror = Some(sites.mirror.parse().expect("the address of the sites"));
    config.fetch.delay = std::time::Duration::ZERO;
    config.fetch.retries = 0;
    change(&mut config);
    let mut app = App::open_at(config, clock).await.expect("app");
    app.reader_program = Some(program());
    Arc::new(app)
}
