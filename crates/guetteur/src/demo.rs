//! The demo: simulated sites with real PDFs, on this machine, at the time they were observed.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::Clock;
use guetteur_simulation::corpus::{Demo, ListedBulletin, ListedSite};
use guetteur_simulation::sites::{SiteSet, SiteSpec};
use guetteur_sources::normalise;
use include_dir::{Dir, include_dir};
use tokio::net::TcpListener;
use url::Url;

/// The simulated sites show what was published up to the end of August 2026.
const OBSERVED: &str = "2026-08-28T07:00:00Z";

static SITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/sites");

/// A clock that started at the time of the simulated sites.
pub struct DemoClock {
    epoch: DateTime<Utc>,
    started: Instant,
}

impl DemoClock {
    /// Starts at the day on which the sites were last observed.
    #[must_use]
    pub fn start() -> Self {
        let epoch = OBSERVED.parse().unwrap_or_default();
        Self { epoch, started: Instant::now() }
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        self.epoch + TimeDelta::from_std(self.started.elapsed()).unwrap_or_default()
    }
}

/// The simulated sites with a PDF behind each of their bulletins.
pub struct Bundle {
    /// The sites; clones share faults and the log of requests.
    pub sites: SiteSet,
    /// The PDFs, and the truth about them.
    pub demo: Arc<Demo>,
    /// Codes of the sources.
    pub codes: Vec<String>,
}

/// Prepares the simulated sites; PDFs are drawn when they are asked for.
///
/// # Errors
/// When their data is wrong.
pub fn bundle() -> Result<Bundle> {
    let sites = SiteSet::new(specs()?);
    let listed: Vec<ListedSite> = sites.sites().iter().map(listed).collect::<Result<_>>()?;
    let codes = listed.iter().map(|site| site.code.clone()).collect();
    let demo = Arc::new(Demo::plan(&listed).context("recueils de démonstration")?);
    let drawn = Arc::clone(&demo);
    let sites = sites.with_filler().with_pdfs(Arc::new(move |url: &str| {
        drawn.file(&normalise(url)?).unwrap_or_else(|error| {
            tracing::error!(url, %error, "the demo's PDF could not be drawn");
            None
        })
    }));
    Ok(Bundle { sites, demo, codes })
}

/// Serves sites until the process ends, in a thread of their own: drawing scans takes whole
/// seconds. Gives what `--mirror` takes.
///
/// # Errors
/// When no port is free.
pub fn serve(sites: SiteSet) -> Result<Url> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("port des sites simulés")?;
    listener.set_nonblocking(true)?;
    let mirror = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("sites".to_owned()).spawn(move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            guetteur_simulation::sites::serve(listener, sites).await
        })
    })?;
    Ok(mirror)
}

fn specs() -> Result<Vec<SiteSpec>> {
    let mut files: Vec<_> = SITES.files().collect();
    files.sort_by_key(|file| file.path());
    files
        .into_iter()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "json"))
        .map(|file| {
            serde_json::from_slice(file.contents())
                .with_context(|| format!("site simulé {}", file.path().display()))
        })
        .collect()
}

/// What a site lists, by the addresses under which its files are asked for.
fn listed(site: &SiteSpec) -> Result<ListedSite> {
    let bulletins = site.bulletins.iter().map(|bulletin| {
        let url = normalise(&bulletin.url)
            .with_context(|| format!("site simulé {} : {}", site.code, bulletin.url))?;
        Ok(ListedBulletin {
            url: url.to_string(),
            title: bulletin.title.clone(),
            published_on: bulletin.date.as_deref().and_then(|day| day.parse().ok()),
        })
    });
    Ok(ListedSite { code: site.code.clone(), bulletins: bulletins.collect::<Result<_>>()? })
}
