//! What a command works with: opened once, shared by all that runs in the process.

mod own_archive;
mod presence;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use guetteur_archive::{Archive, StoreSettings};
use guetteur_fetch::{Client, SiteAccess};
use guetteur_law::Library;
use guetteur_model::{Clock, ReaderVersions, Source, SystemClock};
use guetteur_read::{READER_VERSIONS, ReadOptions, Reader};
use guetteur_rules::RuleSet;
use guetteur_search::{SearchError, SearchIndex};
use guetteur_sources::Registry;
use guetteur_store::Store;
use url::Url;

use crate::config::Config;
pub use own_archive::{ArchiveWatch, Sight, adopt, sight};
pub use presence::Presence;

/// The opened resources of one process.
pub struct App {
    /// Settings.
    pub config: Config,
    /// All sources.
    pub registry: Arc<Registry>,
    /// The database.
    pub store: Store,
    /// The PDFs.
    pub archive: Archive,
    /// HTTP; shared by all, so that pacing holds.
    pub client: Arc<Client>,
    /// The rules.
    pub rules: Arc<RuleSet>,
    /// The texts of law.
    pub law: Arc<Library>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The program whose `read-child` reads PDFs, where it is not the running one.
    pub reader_program: Option<PathBuf>,
    /// Versions of the reader's parts: pages of others are read again where that is asked for.
    pub reader_versions: ReaderVersions,
}

impl App {
    /// Opens the data folder, the database and the archive.
    ///
    /// # Errors
    /// Says which cannot be opened, and where.
    pub async fn open(config: Config) -> Result<Self> {
        Self::open_at(config, Arc::new(SystemClock)).await
    }

    /// As [`App::open`], at a time of the caller's choice.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_at(config: Config, clock: Arc<dyn Clock>) -> Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("dossier de données {}", config.data.display()))?;
        let registry = registry(&config)?;
        let store = Store::open(&config.database()).await?;
        Ok(Self {
            archive: archive(&config)?,
            client: Arc::new(client(&config, &registry)?.with_clock(Arc::clone(&clock))),
            rules: Arc::new(rules(&config)),
            law: Arc::new(law(&config)),
            registry: Arc::new(registry),
            store,
            clock,
            reader_program: None,
            reader_versions: READER_VERSIONS,
            config,
        })
    }

    /// The sources of `codes`; all that the settings watch when none is given.
    ///
    /// # Errors
    /// For an unknown code, with the nearest ones.
    pub fn sources(&self, codes: &[String]) -> Result<Vec<Source>> {
        let codes = if codes.is_empty() { &self.config.sources.only } else { codes };
        select(&self.registry, codes)
    }

    /// The PDF reader.
    #[must_use]
    pub fn reader(&self, jobs: usize) -> Reader {
        let mut options = read_options(&self.config, jobs);
        options.child.program.clone_from(&self.reader_program);
        Reader::new(options)
    }

    /// Where the index is.
    #[must_use]
    pub fn index_dir(&self) -> PathBuf {
        self.config.data.join("index")
    }

    /// Where what is fetched is written: what is made of it here, itself perhaps on another disk.
    #[must_use]
    pub fn written_folders(&self) -> [&Path; 2] {
        [&self.config.data, self.archive.local_folder()]
    }

    /// The search index, for writing; for reading while another process of ours writes.
    ///
    /// # Errors
    /// When it can be opened in neither way.
    pub fn open_index(&self) -> Result<(SearchIndex, Access)> {
        self.open_index_by(SearchIndex::open)
    }

    /// [`Self::open_index`] for a process that does nothing but write it.
    ///
    /// # Errors
    /// When it can be opened in neither way.
    pub fn open_index_alone(&self) -> Result<(SearchIndex, Access)> {
        self.open_index_by(SearchIndex::open_alone)
    }

    fn open_index_by(
        &self,
        open: impl FnOnce(&Path) -> Result<SearchIndex, SearchError>,
    ) -> Result<(SearchIndex, Access)> {
        let dir = self.index_dir();
        match open(&dir) {
            Ok(index) => Ok((index, Access::Write)),
            Err(SearchError::Locked { .. }) => {
                Ok((SearchIndex::open_read_only(&dir)?, Access::Read))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The archive of the settings.
///
/// # Errors
/// When `archive.url` is no place for one, or its folder cannot be made.
pub fn archive(config: &Config) -> Result<Archive> {
    let settings = StoreSettings::of_environment();
    Ok(Archive::open_at(config.archive_location()?, config.near(), &settings)?)
}

/// What this process may do with the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Follow the database.
    Write,
    /// Search what another process keeps up to date.
    Read,
}

/// The HTTP client, with what the registry says of how single sources are asked.
///
/// # Errors
/// When a proxy is no address.
pub fn client(config: &Config, registry: &Registry) -> Result<Client> {
    let mut settings = config.fetch_config();
    settings.pauses = shared_pauses(config);
    for source in registry.iter() {
        let Some(access) = registry.access(&source.code) else { continue };
        let site = SiteAccess { access: access.clone(), timezone: source.timezone };
        let hosts = source
            .roots
            .iter()
            .filter_map(|root| Some(Url::parse(root).ok()?.host_str()?.to_owned()));
        settings.sites.extend(hosts.map(|host| (host, site.clone())));
    }
    Ok(Client::new(settings)?)
}

/// Where the processes on one data folder keep their pauses together. Without a data folder there
/// is nobody to share with, and a mirror asks no site.
fn shared_pauses(config: &Config) -> Option<PathBuf> {
    let dir = config.data.join("pauses");
    let shared = config.mirror.is_none() && config.data.is_dir();
    (shared && std::fs::create_dir_all(&dir).is_ok()).then_some(dir)
}

/// The registry: built in, mended by the operator's file.
///
/// # Errors
/// When that file is wrong.
pub fn registry(config: &Config) -> Result<Registry> {
    let Some(path) = &config.sources.registry else { return Ok(Registry::builtin()?) };
    Registry::load(path).with_context(|| "registre des sources (sources.registry)".to_owned())
}

/// The sources of `codes`, or all.
///
/// # Errors
/// For an unknown code.
pub fn select(registry: &Registry, codes: &[String]) -> Result<Vec<Source>> {
    if codes.is_empty() {
        return Ok(registry.iter().cloned().collect());
    }
    codes.iter().map(|code| Ok(registry.get(code)?.clone())).collect()
}

/// The rules: built in, and the operator's folder. A broken file is said and left out.
#[must_use]
pub fn rules(config: &Config) -> RuleSet {
    let Some(dir) = &config.rules.dir else { return RuleSet::builtin() };
    let (rules, errors) = RuleSet::load_dir(dir);
    for error in errors {
        tracing::error!(%error, "a rule file is left out");
    }
    rules
}

/// The texts of law: built in, and the operator's folder. A broken file is said and left out.
#[must_use]
pub fn law(config: &Config) -> Library {
    let Some(folder) = &config.law.dir else { return Library::built_in() };
    let (law, errors) = Library::load_dir(folder);
    for error in errors {
        tracing::error!(%error, "a file of texts of law is left out");
    }
    law
}

/// How PDFs are read, `jobs` pages at a time at most.
#[must_use]
pub fn read_options(config: &Config, jobs: usize) -> ReadOptions {
    let mut options = ReadOptions {
        ocr_languages: config.read.languages.clone(),
        jobs: jobs.max(1),
        ..ReadOptions::default()
    };
    options.limits.ocr_page = config.read.page_timeout;
    options
}
