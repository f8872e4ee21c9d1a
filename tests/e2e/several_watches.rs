//! Several `guetteur watch` on one PostgreSQL: each source is walked by one of them, and what a killed
//! one was at, another does.

use std::collections::BTreeMap;
use std::time::Duration;

use guetteur_model::{Clock, SystemClock};
use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;
use guetteur_testkit::objects::TestStore;
use guetteur_testkit::sites::Fault;

use crate::federation::machine;
use crate::support::{Service, Sites, World, own_sites};

/// Sources of unlike shapes, all small.
const CODES: [&str; 6] = ["34", "36", "39", "45", "53", "90"];

/// After so long something is wrong, however busy the machine is.
const DEADLINE: Duration = Duration::from_mins(4);

/// Two machines, not started, on one database.
struct Machines {
    sites: Sites,
    _archive: TestStore,
    database: TestDatabase,
    worlds: [World; 2],
}

impl Machines {
    fn new(codes: &[&str]) -> Self {
        let (sites, archive, database) =
            (own_sites(), TestStore::start(), TestDatabase::postgres());
        let worlds = [0, 1].map(|_| {
            let world = machine(&sites, &database, &archive, &archive.url("archive"));
            // Looks would be further requests; a lease is as long as a busy machine may be silent.
            let settings = format!(
                "[sources]\nonly = {codes:?}\n[watch]\nlook_minutes = 0\n[work]\nlease_s = 15\n"
            );
            std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
            world
        });
        Self { sites, _archive: archive, database, worlds }
    }

    fn start(&self, nth: usize) -> Service {
        self.worlds[nth].serve(&["watch"])
    }

    async fn store(&self) -> Store {
        Store::open(self.database.url()).await.expect("store")
    }

    /// Where the walk over a source begins.
    fn root(&self, code: &str) -> String {
        let sites = self.sites.bundle.sites.sites();
        let site = sites.iter().find(|site| site.code == code).expect("simulated");
        format!("{}{}", site.base, site.root)
    }

    /// How often each address was asked for; each process asks for robots.txt itself.
    fn asked(&self) -> BTreeMap<String, usize> {
        let mut asked = BTreeMap::new();
        for line in self.sites.bundle.sites.log() {
            if !line.ends_with("/robots.txt") {
                *asked.entry(line).or_default() += 1;
            }
        }
        asked
    }
}

/// Waits until `holds`.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let wait = async {
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        while !holds().await {
            tick.tick().await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, wait).await.is_ok(), "never: {what}");
}

/// The sources that were read to the end.
async fn read(store: &Store) -> Vec<String> {
    let states = store.source_states().await.expect("states");
    let read = states.into_iter().filter(|state| state.last_ok_at.is_some());
    read.map(|state| state.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_source_is_walked_once_between_them() {
    let machines = Machines::new(&CODES);
    let store = machines.store().await;
    // Sites slow enough that none is read before both machines have it on their plan.
    for code in CODES {
        let slow = Fault::Drip(Duration::from_millis(3));
        machines.sites.bundle.sites.set_fault(&machines.root(code), Some(slow));
    }
    let services = [machines.start(0), machines.start(1)];
    assert_eq!(read(&store).await, [""; 0], "the sites are too fast");
    until("all sources are read", async || read(&store).await.len() == CODES.len()).await;
    until("all is read", async || {
        let left = store.backlog(None, SystemClock.now()).await.expect("backlog");
        left.pending() == 0
    })
    .await;
    let twice: Vec<_> = machines.asked().into_iter().filter(|(_, times)| *times > 1).collect();
    assert_eq!(twice, [], "no page and no PDF is asked for twice");
    for service in services {
        service.stop();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_one_was_at_another_does() {
    let machines = Machines::new(&["34", "39"]);
    let (store, root) = (machines.store().await, machines.root("34"));
    // The site sends a byte a minute: whoever walks it is at it for as long as the test lasts.
    let sites = &machines.sites.bundle.sites;
    sites.set_fault(&root, Some(Fault::Drip(Duration::from_mins(1))));
    let mut first = machines.start(0);
    let asked = || machines.asked().get(&format!("GET {root}")).copied().unwrap_or_default();
    until("the first walks the slow site", async || asked() == 1).await;
    until("and the other", async || read(&store).await == ["39"]).await;
    let second = machines.start(1);
    first.child.kill().expect("killed");
    first.child.wait().expect("dead");
    sites.set_fault(&root, None);
    until("the second walks it", async || read(&store).await.len() == 2).await;
    assert_eq!(asked(), 2, "each has asked once");
    second.stop();
    store.close().await;
}
