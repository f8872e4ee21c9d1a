//! Speed on a generated corpus: `cargo bench -p guetteur-search`. `GUETTEUR_BENCH_ACTS` sets its
//! size (200,000). Prints feeding speed, size on disk, and percentiles of the processor time of searches with
//! facets.

#![expect(clippy::print_stdout, reason = "a benchmark reports on stdout")]

use fastrand::Rng;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use guetteur_model::{ActId, BulletinId, Category, Commune, Level, Purpose};
use guetteur_search::{
    ActDocument, Filters, IdOrder, IndexChange, IndexedFlag, Query, SearchIndex, SearchRequest,
    Sort,
};

const BATCH: usize = 2_000;
const ROUNDS: usize = 20;

const QUERIES: [&str; 16] = [
    "drone",
    "arrêté",
    "préfecture",
    "drones police Bordeaux octobre 2025",
    "vidéosurveillance algorithmique",
    "caméras Gard mairie",
    "hélicoptère gendarmerie caméra",
    "vidéoprotection",
    "périmètre de protection fouille",
    "drone manifestation 10 septembre 2025 bloquons tout",
    "\"caméras installées sur des aéronefs\"",
    "captat* OU enregist*",
    "prefecture:34 categorie:drone niveau:autorise",
    "autorisation SAUF vidéoprotection",
    "L. 242-5 CSI",
    "",
];

const TITLES: [(&str, Option<(&str, Level)>); 6] = [
    (
        "Arrêté autorisant la captation, l'enregistrement et la transmission d'images au moyen de \
         caméras installées sur des aéronefs",
        Some(("drone", Level::Authorises)),
    ),
    (
        "Arrêté portant autorisation d'un système de vidéoprotection",
        Some(("videoprotection", Level::Authorises)),
    ),
    ("Arrêté portant délégation de signature à la secrétaire générale", None),
    ("Arrêté portant réglementation temporaire de la circulation", None),
    ("Arrêté portant autorisation de captage et périmètre de protection de la source", None),
    ("Arrêté portant composition de la commission départementale de sécurité", None),
];

const WORDS: [&str; 40] = [
    "préfet",
    "arrêté",
    "département",
    "sécurité",
    "intérieure",
    "publique",
    "police",
    "nationale",
    "gendarmerie",
    "caméras",
    "images",
    "aéronefs",
    "captation",
    "enregistrement",
    "manifestation",
    "commune",
    "mairie",
    "considérant",
    "demande",
    "service",
    "direction",
    "titulaire",
    "travaux",
    "circulation",
    "route",
    "environnement",
    "eau",
    "captage",
    "forêt",
    "chasse",
    "agriculture",
    "élevage",
    "logement",
    "emploi",
    "recours",
    "tribunal",
    "administratif",
    "publication",
    "exécution",
    "secrétaire",
];

fn act(act_id: i64, rng: &mut Rng) -> ActDocument {
    let (title, flag) = TITLES[rng.usize(..TITLES.len())];
    let prefecture = rng.usize(..101);
    let commune = rng.usize(..5_000);
    let published = NaiveDate::from_ymd_opt(2019, 1, 1)
        .and_then(|day| day.checked_add_days(Days::new(rng.usize(..2_800) as u64)));
    let mut body = String::new();
    for _ in 0..350 {
        // A long tail of rare words, as names and numbers are.
        match rng.usize(..12) {
            0 => body.push_str(&format!("nom{} ", rng.lowercase())),
            1 => body.push_str(&format!("{} ", rng.usize(..20_000))),
            _ => {
                body.push_str(WORDS[rng.usize(..WORDS.len())]);
                body.push_str([" ", " de l'", ", "][rng.usize(..3)]);
            }
        }
    }
    let flag = flag.and_then(|(category, level)| {
        Some(IndexedFlag { category: Category::new(category).ok()?, level, to_check: false })
    });
    ActDocument {
        bulletin_id: BulletinId(act_id / 12),
        title: format!("{title} du {} à Commune{commune}", rng.usize(..28) + 1),
        body,
        numbers: vec![format!("{prefecture:02}-2025-{act_id:05}")],
        prefecture: format!("{prefecture:02}"),
        prefecture_name: format!("Préfecture {prefecture}"),
        region: format!("Région {}", prefecture % 18),
        communes: vec![Commune {
            insee: format!("{commune:05}"),
            name: format!("Commune{commune}"),
        }],
        purposes: flag.iter().map(|_| Purpose::Gatherings).collect(),
        beneficiary: flag.is_some().then(|| format!("Bénéficiaire {}", rng.usize(..3_000))),
        valid_from: published,
        valid_to: published,
        notice_hours: flag.is_some().then(|| rng.usize(..200) as f64 - 20.0),
        flags: flag.into_iter().collect(),
        published_on: published,
        ..ActDocument::default()
    }
}

/// Time that this thread has spent on a processor (Linux; elsewhere the clock): other work on the
/// machine does not count.
fn thread_time(since: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

fn percentile(times: &mut [Duration], of_100: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * of_100 / 100).min(times.len() - 1)]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let acts: usize =
        std::env::var("GUETTEUR_BENCH_ACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let dir = tempfile::tempdir()?;
    let index = SearchIndex::open(dir.path())?;
    // The corpus is the same on every run.
    let mut rng = Rng::with_seed(7);
    let start = Instant::now();
    for first in (0..acts).step_by(BATCH) {
        let ids = first..(first + BATCH).min(acts);
        let batch: Vec<IndexChange> = ids
            .map(|id| id as i64 + 1)
            .map(|id| IndexChange { act_id: ActId(id), rows: vec![act(id, &mut rng)] })
            .collect();
        index.apply(&batch, first as i64)?;
    }
    let fed = start.elapsed();
    println!("fed {acts} acts in {fed:.1?}: {:.0}/s", acts as f64 / fed.as_secs_f64());
    let bytes: u64 = std::fs::read_dir(dir.path())?
        .flatten()
        .filter_map(|e| Some(e.metadata().ok()?.len()))
        .sum();
    println!("index: {} MB", bytes / 1_000_000);

    let today = NaiveDate::from_ymd_opt(2025, 10, 17).ok_or("a day")?;
    let mut all = Vec::new();
    let begun = Instant::now();
    for text in QUERIES {
        let mut times = Vec::new();
        let mut total = 0;
        for round in 0..ROUNDS {
            let filters = match round % 4 {
                1 => Filters { prefectures: vec!["34".into(), "30".into()], ..Filters::default() },
                2 => Filters { years: vec![2025], flagged: true, ..Filters::default() },
                _ => Filters::default(),
            };
            let sort = if round % 4 == 3 { Sort::Published } else { Sort::Relevance };
            let request =
                SearchRequest { filters, sort, ..SearchRequest::new(Query::parse(text), today) };
            let before = thread_time(begun);
            total = total.max(index.search(&request)?.total);
            times.push(thread_time(begun) - before);
        }
        let (p50, max) = (percentile(&mut times, 50), percentile(&mut times, 100));
        println!("{total:>7} found, p50 {p50:>8.1?}, slowest {max:>8.1?}  {text}");
        all.extend(times);
    }
    let [p50, p95, p99] = [50, 95, 99].map(|of_100| percentile(&mut all, of_100));
    println!("all: p50 {p50:.1?}, p95 {p95:.1?}, p99 {p99:.1?}");

    let start = Instant::now();
    let request = SearchRequest::new(Query::parse("autorisation"), today);
    let ids = index.ids(&request, IdOrder::Published)?;
    println!("ids: {} in {:.1?}", ids.len(), start.elapsed());
    Ok(())
}
