//! Thirty daily walks over all simulated sites, one every few seconds, with readers beside: memory, file
//! handles, the write-ahead log and the database stay as they are once everything is read.
//!
//! `make soak` runs it and leaves `target/tmp/soak.csv` and `soak.svg`; `GUETTEUR_SOAK_DAYS` says how many
//! walks.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use guetteur_model::{Clock, SystemClock};
use guetteur_store::Store;

use crate::support::{World, own_sites};

/// Seconds from one walk to the next: a day.
const DAY_S: u64 = 15;
/// Days after which all is read, and growth counts.
const WARM: usize = 10;
/// Pages that somebody reads beside, once a sample.
const PAGES: [&str; 6] =
    ["/", "/recherche?q=drone", "/recherche.atom", "/carte", "/commune/34172", "/couverture"];

/// What the process holds at one moment.
#[derive(Debug, Clone, Copy)]
struct Sample {
    day: usize,
    /// Resident memory, KiB.
    memory: u64,
    handles: u64,
    /// Bytes of the write-ahead log.
    wal: u64,
    /// Bytes of the database.
    database: u64,
}

/// A measure of a sample: its name in the table, and how it is drawn.
type Measure = (&'static str, fn(&Sample) -> u64);

const MEASURES: [Measure; 4] = [
    ("memory_kib", |s| s.memory),
    ("handles", |s| s.handles),
    ("wal_bytes", |s| s.wal),
    ("database_bytes", |s| s.database),
];

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn sample(day: usize, process: u32, database: &Path) -> Sample {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("status");
    let memory = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .expect("memory");
    let handles = std::fs::read_dir(format!("/proc/{process}/fd")).expect("handles").count() as u64;
    let wal = size(&database.with_extension("sqlite-wal"));
    Sample { day, memory, handles, wal, database: size(database) }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: make soak"]
async fn a_month_of_walks_leaves_memory_handles_and_files_as_they_are() {
    let days = std::env::var("GUETTEUR_SOAK_DAYS").ok().and_then(|days| days.parse().ok());
    let days: usize = days.unwrap_or(30);
    let sites = own_sites();
    let world = World::on(&sites.mirror);
    let codes = &sites.bundle.codes;
    let settings = format!(
        "[sources]\nonly = {codes:?}\n[watch]\nschedule = \"*/{DAY_S} * * * * *\"\n\
         jitter_minutes = 0\nlook_minutes = 1\n[site]\nrequests_per_minute = 0\n"
    );
    std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
    let watch = world.serve(&["watch"]);
    let (process, database) = (watch.child.id(), world.data().join("guetteur.sqlite"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The site ends a connection that is idle as long as a day lasts here: none is used again.
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build();
    let client = client.expect("client");
    let mut samples = Vec::new();
    for day in 0..days + WARM {
        // A day is time here: nothing is waited for.
        tokio::time::sleep(Duration::from_secs(DAY_S)).await;
        for page in PAGES {
            let answer = client.get(format!("{}{page}", watch.address)).send().await;
            assert!(answer.expect("an answer").status().is_success(), "{page}");
        }
        samples.push(sample(day, process, &database));
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("soak.csv"), table(&samples)).expect("table");
    std::fs::write(folder.join("soak.svg"), drawing(&samples)).expect("drawing");
    eprintln!("{} and soak.svg", folder.join("soak.csv").display());
    let store = Store::open(&world.database()).await.expect("store");
    let walked = store.source_health().await.expect("health");
    let late = SystemClock.now() - chrono::TimeDelta::minutes(5);
    let unread: Vec<_> =
        walked.iter().filter(|s| s.last_ok_at.is_none_or(|at| at < late)).collect();
    assert!(walked.len() >= codes.len() * 9 / 10 && unread.len() * 10 < walked.len(), "{unread:?}");
    let backlog = store.backlog(None, chrono::DateTime::UNIX_EPOCH).await.expect("backlog");
    // Two files of these sites are asked for again and again: they are never there.
    assert!(backlog.pending() <= 4 && backlog.failed == 0, "all is read: {backlog:?}");
    store.close().await;
    watch.stop();
    // The largest of the first third after the warm-up, and of the last: what grows, grows between.
    let month = &samples[WARM..];
    let third = (month.len() / 3).max(1);
    for (name, measure) in MEASURES {
        let largest = |part: &[Sample]| part.iter().map(measure).max().unwrap_or(0);
        let (first, last) = (largest(&month[..third]), largest(&month[month.len() - third..]));
        eprintln!("{name}: {first} in the first third, {last} in the last");
        assert!(last <= first + first / 5 + 16, "{name} grows: {first}, then {last}");
    }
}

fn table(samples: &[Sample]) -> String {
    let mut out = "day".to_owned();
    MEASURES.iter().for_each(|(name, _)| out += &format!(",{name}"));
    for sample in samples {
        let _ = write!(out, "\n{}", sample.day);
        MEASURES.iter().for_each(|(_, measure)| out += &format!(",{}", measure(sample)));
    }
    out + "\n"
}

/// Four lines, one above the other, each from 0 to its largest value.
fn drawing(samples: &[Sample]) -> String {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 90.0;
    const STEP: f64 = 130.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        STEP * MEASURES.len() as f64 + 20.0
    );
    for (nth, (name, measure)) in MEASURES.into_iter().enumerate() {
        let top = STEP * nth as f64 + 30.0;
        let largest = samples.iter().map(measure).max().unwrap_or(1).max(1);
        let at = |i: usize, sample: &Sample| {
            let x = 40.0 + WIDTH * i as f64 / samples.len().max(2) as f64;
            let y = top + HEIGHT * (1.0 - measure(sample) as f64 / largest as f64);
            format!("{x:.1},{y:.1}")
        };
        let points: Vec<String> = samples.iter().enumerate().map(|(i, s)| at(i, s)).collect();
        let warm = 40.0 + WIDTH * WARM as f64 / samples.len().max(2) as f64;
        let _ = writeln!(
            out,
            "<text x=\"40\" y=\"{:.0}\">{name}, up to {largest}</text>\n\
             <path d=\"M40 {top}v{HEIGHT}h{WIDTH}\" fill=\"none\" stroke=\"#999\"/>\n\
             <path d=\"M{warm:.1} {top}v{HEIGHT}\" stroke=\"#ccc\" stroke-dasharray=\"3\"/>\n\
             <polyline points=\"{}\" fill=\"none\" stroke=\"#0d4742\" stroke-width=\"2\"/>",
            top - 8.0,
            points.join(" ")
        );
    }
    out + "</svg>\n"
}
