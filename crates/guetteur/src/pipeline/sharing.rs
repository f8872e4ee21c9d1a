//! Fetchers are shared out between hosts: of a source, and of those that share a host with it, one
//! bulletin is fetched at a time. A host takes one request at a time in any case; further fetchers
//! would wait for it, and a host that hangs would hold them all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use guetteur_model::BulletinId;
use guetteur_sources::Registry;
use guetteur_store::BulletinRow;
use url::Url;

/// What is being fetched by this process.
pub(super) struct Sharing {
    /// Codes of the sources that list on a host.
    by_host: BTreeMap<String, BTreeSet<String>>,
    all: BTreeSet<String>,
    /// The sources that are busy with each bulletin.
    busy: Mutex<BTreeMap<BulletinId, BTreeSet<String>>>,
    /// From the look at who is free to the claim.
    pub(super) claiming: tokio::sync::Mutex<()>,
}

impl Sharing {
    pub(super) fn new(registry: &Registry) -> Self {
        let mut by_host: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for source in registry.iter() {
            for host in source.roots.iter().filter_map(|root| host_of(root)) {
                by_host.entry(host).or_default().insert(source.code.clone());
            }
        }
        Self {
            by_host,
            all: registry.iter().map(|source| source.code.clone()).collect(),
            busy: Mutex::default(),
            claiming: tokio::sync::Mutex::default(),
        }
    }

    /// Those of `scope`, or of all sources, of which nothing is being fetched; `None` while that is
    /// all.
    pub(super) fn free(&self, scope: Option<&[String]>) -> Option<Vec<String>> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = |code: &&String| !busy.values().any(|codes| codes.contains(*code));
        match (busy.is_empty(), scope) {
            (true, _) => None,
            (false, Some(scope)) => Some(scope.iter().filter(is_free).cloned().collect()),
            (false, None) => Some(self.all.iter().filter(is_free).cloned().collect()),
        }
    }

    /// `bulletin` is being fetched from now on.
    pub(super) fn begin(&self, bulletin: &BulletinRow) {
        let sharing = host_of(&bulletin.url).and_then(|host| self.by_host.get(&host));
        let mut codes = sharing.cloned().unwrap_or_default();
        codes.insert(bulletin.source.clone());
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(bulletin.id, codes);
    }

    /// It is not any more.
    pub(super) fn end(&self, bulletin: BulletinId) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&bulletin);
    }
}

fn host_of(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.host_str()?.to_owned())
}
