//! A worker whose network fails: latency, resets, connections that swallow what they are given or stay
//! open half-way, between it and PostgreSQL and between it and the sites. When that is over, all is as
//! if nothing had been.
//!
//! Runs for as long as `GUETTEUR_FAULTY_S` says (`make network`: 15 minutes), a minute otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use guetteur_store::{BulletinFilter, Store};
use guetteur_testkit::db::TestDatabase;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use crate::demo::contents;
use crate::support::{World, own_sites};

const CODES: [&str; 3] = ["34", "39", "11"];
/// After the faults, work must be done within this time.
const RECOVERS_WITHIN: Duration = Duration::from_secs(30 * 60);

/// Where a relay leads.
#[derive(Clone)]
enum Target {
    Tcp(String),
    Unix(String),
}

/// Passes connections on, well or badly.
struct Relay {
    address: String,
    weather: Arc<Weather>,
}

/// What all connections of a relay share.
#[derive(Default)]
struct Weather {
    /// Whether there are faults now: connections that are open already have them, too.
    bad: AtomicBool,
    /// Connections that had one.
    spoilt: AtomicU64,
}

impl Relay {
    /// One whose troubles, once they begin, are those of `fate`.
    async fn to(target: Target, fate: fn(u64) -> Fate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = listener.local_addr().expect("address").to_string();
        let weather = Arc::new(Weather::default());
        let shared = Arc::clone(&weather);
        tokio::spawn(async move {
            for nth in 0_u64.. {
                let Ok((client, _)) = listener.accept().await else { return };
                tokio::spawn(relay(client, target.clone(), fate(nth), Arc::clone(&shared)));
            }
        });
        Self { address, weather }
    }
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Well,
    /// Each piece comes so much later.
    Late(Duration),
    /// Ends without a word after so many bytes of the answer.
    Reset(u64),
    /// Takes everything and answers nothing more after so many bytes; nothing says that it is dead.
    Swallow(u64),
}

impl Fate {
    /// A third of each kind of trouble, and every fourth connection goes well.
    fn mostly_bad(nth: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(nth);
        match nth % 4 {
            0 => Self::Well,
            1 => Self::Late(Duration::from_millis(rng.u64(..300))),
            2 => Self::Reset(rng.u64(..20_000)),
            _ => Self::Swallow(rng.u64(..20_000)),
        }
    }

    /// Every other one goes well: a PDF that failed four times in a row would wait for minutes, as it
    /// should, and this test with it. The first is reset: one that lives is used for all that follows.
    fn half_bad(nth: u64) -> Self {
        if nth.is_multiple_of(2) { Self::mostly_bad(2 + nth / 2) } else { Self::Well }
    }
}

async fn relay(client: TcpStream, target: Target, fate: Fate, weather: Arc<Weather>) {
    match target {
        Target::Tcp(address) => {
            if let Ok(server) = TcpStream::connect(address).await {
                join(client, server, fate, &weather).await;
            }
        }
        Target::Unix(path) => {
            if let Ok(server) = UnixStream::connect(path).await {
                join(client, server, fate, &weather).await;
            }
        }
    }
}

async fn join(
    client: TcpStream,
    server: impl AsyncRead + AsyncWrite,
    fate: Fate,
    weather: &Weather,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let asked = async {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    };
    let answered = async {
        let (mut buffer, mut passed, mut spoilt) = ([0; 4096], 0, false);
        loop {
            let Ok(read @ 1..) = from_server.read(&mut buffer).await else { return };
            passed += read as u64;
            let fate = if weather.bad.load(Ordering::Relaxed) { fate } else { Fate::Well };
            if fate != Fate::Well && !spoilt {
                spoilt = true;
                weather.spoilt.fetch_add(1, Ordering::Relaxed);
            }
            match fate {
                Fate::Late(wait) => tokio::time::sleep(wait).await,
                Fate::Reset(after) if passed > after => return,
                // The client is never told: its connection stays as it is.
                Fate::Swallow(after) if passed > after => std::future::pending().await,
                _ => {}
            }
            if to_client.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = answered => {}
        () = async { asked.await; std::future::pending().await } => {}
    }
}

/// `postgres:///NAME?host=FOLDER&port=P&user=U` as a socket, and its address behind a relay.
fn behind(url: &str, relay: &str) -> String {
    let url = url::Url::parse(url).expect("address");
    format!("postgres://guetteur@{relay}{}", url.path())
}

fn socket(url: &str) -> Target {
    let url = url::Url::parse(url).expect("address");
    let query = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let (folder, port) = (query("host").expect("a socket"), query("port").expect("a port"));
    Target::Unix(format!("{folder}/.s.PGSQL.{port}"))
}

async fn is_done(database: &str, expected: usize) -> bool {
    let Ok(store) = Store::open(database).await else { return false };
    let backlog = store.backlog(None, chrono::DateTime::UNIX_EPOCH).await.expect("backlog");
    let rows = store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows");
    store.close().await;
    rows.len() == expected && backlog.pending() == 0
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make network"]
async fn a_bad_network_loses_nothing() {
    let seconds = std::env::var("GUETTEUR_FAULTY_S").ok().and_then(|text| text.parse().ok());
    let faulty = Duration::from_secs(seconds.unwrap_or(60));
    let sites = own_sites();
    let calm = World::on(&sites.mirror);
    let args: Vec<&str> = ["crawl", "--full"].into_iter().chain(CODES).collect();
    calm.run(&args).ok();
    let expected = contents(&calm).await;
    let store = Store::open(&calm.database()).await.expect("store");
    let bulletins =
        store.list_bulletins(&BulletinFilter::default(), 1000, 0).await.expect("rows").len();
    store.close().await;

    let database = TestDatabase::postgres();
    let to_database = Relay::to(socket(database.url()), Fate::mostly_bad).await;
    let mirror = url::Url::parse(&sites.mirror).expect("address");
    let port = mirror.port().expect("port");
    let to_sites = Relay::to(Target::Tcp(format!("127.0.0.1:{port}")), Fate::half_bad).await;
    let world =
        World::on(&format!("http://{}{}", to_sites.address, mirror.path().trim_end_matches('/')))
            .with_database(&behind(database.url(), &to_database.address));
    let settings = format!(
        "[sources]\nonly = {CODES:?}\n[fetch]\ntimeout_s = 20\n[work]\nlease_s = 20\nmax_attempts = 100\n"
    );
    std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
    // The sites from the start: all might be fetched before. A database that does not answer at the
    // start is an error, as it should be.
    to_sites.weather.bad.store(true, Ordering::Relaxed);
    let watch = world.serve(&["watch"]);
    to_database.weather.bad.store(true, Ordering::Relaxed);
    tokio::time::sleep(faulty).await;
    for relay in [&to_database, &to_sites] {
        relay.weather.bad.store(false, Ordering::Relaxed);
    }
    let start = Instant::now();
    while !is_done(database.url(), bulletins).await {
        assert!(start.elapsed() < RECOVERS_WITHIN, "work does not go on by itself");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let recovery = start.elapsed();
    watch.stop();
    let found = World::alone().with_database(database.url());
    assert_eq!(contents(&found).await, expected);
    let spoilt =
        [&to_database, &to_sites].map(|relay| relay.weather.spoilt.load(Ordering::Relaxed));
    assert!(spoilt.iter().all(|spoilt| *spoilt > 0), "{spoilt:?}");
    eprintln!(
        "{} s of faults: {} connections to PostgreSQL and {} to the sites spoilt; all done {} s after, \
         nothing lost, nothing doubled",
        faulty.as_secs(),
        spoilt[0],
        spoilt[1],
        recovery.as_secs()
    );
}
