//! `guetteur-bench-site DIR ACTS`: fills a data folder with generated acts, 40 to a bulletin, over all
//! sources and five years. The same numbers give the same acts. `guetteur reindex` then indexes them.

mod acts;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDate, Utc};
use guetteur_model::{BulletinLink, Sha256, Stage, TracedPage};
use guetteur_sources::Registry;
use guetteur_store::{ActIdentity, AnalysedAct, FetchRecord, OcrRank, ReadRecord, Store};

use acts::{Dice, Drawn};

const ACTS_OF_A_BULLETIN: usize = 40;
const DAYS: u64 = 5 * 365;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().context("usage: guetteur-bench-site DIR ACTS")?);
    let acts: usize = arguments.next().context("how many acts?")?.parse()?;
    std::fs::create_dir_all(&dir)?;
    let store = Store::open(&dir.join("guetteur.sqlite").to_string_lossy()).await?;
    let registry = Registry::builtin()?;
    let sources: Vec<&str> = registry.iter().map(|source| source.code.as_str()).collect();
    let mut dice = Dice::new();
    for bulletin in 0..acts.div_ceil(ACTS_OF_A_BULLETIN) {
        let source = sources[bulletin % sources.len()];
        publish(&store, source, bulletin, &mut dice).await?;
    }
    store.close().await;
    Ok(())
}

async fn publish(store: &Store, source: &str, number: usize, dice: &mut Dice) -> Result<()> {
    let first = NaiveDate::from_ymd_opt(2021, 9, 1).context("a day")?;
    let day = first + Days::new(dice.below(DAYS as usize) as u64);
    let now: DateTime<Utc> = day.and_hms_opt(12, 0, 0).context("noon")?.and_utc();
    let url = format!("https://www.prefecture-{source}.gouv.fr/raa/{number}.pdf");
    let link = BulletinLink {
        url: url.clone(),
        title: format!("Recueil n° {number} du {day}"),
        published_on: Some(day),
        number: Some(format!("{source}-{number}")),
        series: None,
        via: "/raa".to_owned(),
    };
    store.record_found(source, &[link], now).await?;
    let claim = async |stage| {
        let claim = store.claim(&[stage], None, "bench", now, Duration::from_secs(60)).await?;
        claim.context("one bulletin is due")
    };
    let fetch = FetchRecord {
        sha256: Sha256::of(url.as_bytes()),
        size_bytes: 1_000_000,
        final_url: url,
        http_status: 200,
        etag: None,
        last_modified: None,
    };
    store.complete_fetch(&claim(Stage::Found).await?, &fetch, now).await?;
    let acts: Vec<Drawn> =
        (1..=ACTS_OF_A_BULLETIN).map(|page| Drawn::new(dice, source, number, day, page)).collect();
    let pages: Vec<_> = acts.iter().map(Drawn::page).collect();
    let read = ReadRecord {
        pages: pages.iter().cloned().map(TracedPage::from).collect(),
        page_count: pages.len() as u32,
        cut_short: false,
        note: None,
        reader_version: "bench".to_owned(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
    };
    store.complete_read(&claim(Stage::Fetched).await?, &read, now).await?;
    let analysed = |drawn: Drawn| AnalysedAct {
        act: drawn.act,
        facts: drawn.facts,
        flags: drawn.flags,
        identity: ActIdentity::default(),
    };
    let new: Vec<AnalysedAct> = acts.into_iter().map(analysed).collect();
    store.complete_flag(&claim(Stage::Read).await?, &new, &[], "bench", now).await?;
    Ok(())
}
