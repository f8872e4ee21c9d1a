//! `guetteur-bench-site DIR ACTS [--real-size]`: fills a data folder with generated acts that look like
//! those of France ([`france`]): twelve to a bulletin, one in twenty flagged. The same numbers give the
//! same acts on the same day. `guetteur reindex` then indexes them. `DIR/texts.jsonl` holds the pages on
//! which acts begin, as the database packs them: for peers that are measured beside it.

mod acts;
mod dice;
mod france;
mod words;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{BulletinLink, Clock, Sha256, Source, Stage, SystemClock, TracedPage};
use guetteur_sources::Registry;
use guetteur_store::{ActIdentity, AnalysedAct, FetchRecord, OcrRank, ReadRecord, Store};

use serde_json::json;

use acts::{Drawn, Generator};
use dice::Dice;
use france::France;

/// France publishes 300,000 acts in 26,000 bulletins a year.
const ACTS_OF_A_BULLETIN: usize = 12;
const USAGE: &str = "usage: guetteur-bench-site DIR ACTS [--real-size]";

#[tokio::main]
async fn main() -> Result<()> {
    let (flags, given): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let [dir, acts] = &given[..] else { bail!(USAGE) };
    let real_size = match &flags[..] {
        [] => false,
        [flag] if flag == "--real-size" => true,
        _ => bail!(USAGE),
    };
    let acts: usize = acts.parse().context(USAGE)?;
    let dir = PathBuf::from(dir);
    std::fs::create_dir_all(&dir)?;
    let store = Store::open(&dir.join("guetteur.sqlite").to_string_lossy()).await?;
    let registry: Vec<Source> = Registry::builtin()?.iter().cloned().collect();
    let today = SystemClock.now().date_naive();
    let generator = Generator::new(France::new(&registry, acts as u64, today), real_size);
    let mut dice = Dice::new();
    let bulletins = acts.div_ceil(ACTS_OF_A_BULLETIN);
    let mut texts = BufWriter::new(File::create(dir.join("texts.jsonl"))?);
    for (number, day) in generator.france.days(bulletins, &mut dice).into_iter().enumerate() {
        publish(&store, &generator, number, day, &mut dice, &mut texts).await?;
    }
    texts.flush()?;
    store.close().await;
    Ok(())
}

async fn publish(
    store: &Store,
    generator: &Generator,
    number: usize,
    day: NaiveDate,
    dice: &mut Dice,
    texts: &mut impl Write,
) -> Result<()> {
    let source = generator.france.source(dice);
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
        (0..ACTS_OF_A_BULLETIN).map(|nth| generator.draw(dice, source, number, day, nth)).collect();
    for first in acts.iter().filter_map(|drawn| drawn.act.text.first()) {
        let line = json!({ "sha256": fetch.sha256, "page": first.number, "text": first.text });
        writeln!(texts, "{line}")?;
    }
    let pages: Vec<TracedPage> = acts.iter().flat_map(Drawn::pages).map(TracedPage::from).collect();
    let read = ReadRecord {
        page_count: pages.len() as u32,
        pages,
        cut_short: false,
        note: None,
        reader_version: "bench".to_owned(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
        times: None,
    };
    store.complete_read(&claim(Stage::Fetched).await?, &read, now).await?;
    let analysed = |drawn: Drawn| {
        let (keys, references) = drawn.keys();
        AnalysedAct {
            act: drawn.act,
            facts: drawn.facts,
            flags: drawn.flags,
            identity: ActIdentity { keys, references, ..ActIdentity::default() },
        }
    };
    let new: Vec<AnalysedAct> = acts.into_iter().map(analysed).collect();
    store.complete_flag(&claim(Stage::Read).await?, &new, &[], "bench", now).await?;
    Ok(())
}
