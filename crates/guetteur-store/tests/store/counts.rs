use fastrand::Rng;
use guetteur_model::{BulletinLink, Commune, Failure, Level, Sha256, Stage};
use guetteur_store::{AnalysedAct, BulletinFilter, Fate, NewMask, Recheck, SourceCounts, Store};

use crate::support::{
    Whole, act, at, complete_flag, day, fetched, link, page, process, read_record, record,
    try_claim,
};

/// What is kept, without what only grows.
async fn kept(store: &Store) -> Vec<SourceCounts> {
    let mut kept = store.kept_counts().await.expect("kept");
    kept.iter_mut().for_each(|counts| counts.listed = 0);
    // A source that lost all that it had may still have a row.
    kept.retain(|counts| {
        *counts != SourceCounts { code: counts.code.clone(), ..Default::default() }
    });
    kept
}

async fn full(store: &Store) -> Vec<SourceCounts> {
    let mut full = store.full_counts().await.expect("counted");
    full.iter_mut().for_each(|counts| counts.listed = 0);
    full
}

fn some_acts(rng: &mut Rng) -> Vec<Whole> {
    (0..rng.u32(..4)).map(|nth| some_act(rng, nth)).collect()
}

fn some_act(rng: &mut Rng, nth: u32) -> Whole {
    let number = (nth * 3 + rng.u32(..3)).to_string();
    let mut whole = Whole::new(act(Some(&number), &format!("Arrêté {number}"), 1, "texte"));
    if rng.u8(..3) == 0 {
        whole.identity.sameness = Some(format!("same {}", rng.u8(..3)));
    }
    if rng.bool() {
        whole.facts.communes = vec![Commune { insee: "34172".into(), name: "M".into() }];
    }
    let levels = [Level::Authorises, Level::Restricts, Level::Mentions];
    match rng.u8(..3) {
        0 => whole,
        1 => whole.flag("drone", levels[rng.usize(..3)]),
        _ => whole.flag("lapi", levels[rng.usize(..3)]),
    }
}

/// One move at random; `step` is the hour.
async fn step(store: &Store, rng: &mut Rng, step: i64) {
    let now = step * 60;
    match rng.u8(..12) {
        0 | 1 => {
            let source = ["34", "2A"][rng.usize(..2)];
            let name = rng.u8(..12).to_string();
            let published_on = ["2026-08-01", "2026-08-02"][rng.usize(..2)];
            let listed = link(&format!("{source}-{name}"), Some(published_on));
            let listed = BulletinLink { title: format!("Recueil {}", rng.u8(..3)), ..listed };
            store.record_found(source, &[listed], at(now)).await.expect("recorded");
        }
        2 | 3 => {
            let Some(found) = try_claim(store, Stage::Found, now).await else { return };
            let content = rng.u8(..8).to_string();
            store.complete_fetch(&found, &fetched(&content), at(now)).await.expect("fetched");
            let told: Vec<AnalysedAct> = some_acts(rng).iter().map(Whole::analysed).collect();
            let document = Sha256::of(content.as_bytes());
            let id = found.bulletin.id;
            store.raise_alerts(id, document, &told, "rules-1", at(now)).await.expect("announced");
        }
        4 | 5 => {
            let Some(claim) = try_claim(store, Stage::Fetched, now).await else { return };
            let pages: Vec<_> = (0..=rng.u32(..3)).map(|n| page(n + 1, "texte")).collect();
            store.complete_read(&claim, &read_record(&pages), at(now)).await.expect("read");
        }
        6 | 7 => {
            let Some(claim) = try_claim(store, Stage::Read, now).await else { return };
            complete_flag(store, &claim, &some_acts(rng), now).await;
        }
        8 => {
            let all = BulletinFilter::default();
            let version = format!("rules-{step}");
            store.reset_for_reclassify(&all, &version).await.expect("sent back");
        }
        9 => {
            let stage = [Stage::Found, Stage::Fetched, Stage::Read][rng.usize(..3)];
            let Some(claim) = try_claim(store, stage, now).await else { return };
            let gone = Failure::of_status(404);
            store.fail(&claim, &gone, Fate::GivenUp(None), at(now)).await.expect("given up");
            if rng.u8(..2) == 0 {
                store.retry_failed(&BulletinFilter::default()).await.expect("again");
            }
        }
        10 => {
            let Some(claim) = try_claim(store, Stage::Flagged, now).await else { return };
            let other = Recheck::Got(fetched(&format!("version {}", rng.u8(..4))));
            store.complete_recheck(&claim, &other, at(now)).await.expect("checked");
        }
        _ => {
            let acts = store.acts_changed_since(0, 100).await.expect("acts");
            let Some(act) = acts.get(rng.usize(..20)).map(|act| act.id) else { return };
            let mask = NewMask { act, passage: "texte", reason: None, keeps_pdf: true };
            store.lay_mask(mask, at(now)).await.expect("masked");
        }
    }
}

pub(crate) async fn what_is_kept_is_what_a_full_count_gives(store: Store) {
    let mut rng = Rng::with_seed(7);
    let mut seen = SourceCounts::default();
    for n in 1..=300 {
        step(&store, &mut rng, n).await;
        if rng.u8(..9) == 0 {
            store.add_up_counts().await.expect("added up");
        }
        let counted = full(&store).await;
        assert_eq!(kept(&store).await, counted, "after move {n}");
        for counts in &counted {
            seen.flagged = seen.flagged.max(counts.flagged);
            seen.failed = seen.failed.max(counts.failed);
            seen.pages = seen.pages.max(counts.pages);
        }
    }
    assert!(seen.flagged > 3 && seen.failed > 0 && seen.pages > 5, "it did move: {seen:?}");
    store.add_up_counts().await.expect("added up");
    assert_eq!(store.add_up_counts().await.expect("added up"), 0, "nothing is left to add");
    assert_eq!(kept(&store).await, full(&store).await);
}

pub(crate) async fn counts_are_rebuilt(store: Store) {
    record(&store, 3).await;
    let acts = [Whole::new(act(Some("1"), "Arrêté", 1, "texte")).flag("drone", Level::Authorises)];
    process(&store, "a", &[page(1, "texte")], &acts, 1).await;
    let before = store.kept_counts().await.expect("kept");
    store.recount().await.expect("counted");
    assert_eq!(kept(&store).await, full(&store).await);
    let listed = |counts: &[SourceCounts]| counts.iter().map(|c| c.listed).max();
    let after = store.kept_counts().await.expect("kept");
    assert!(listed(&after) > listed(&before), "who kept what is missing looks again");
    let state = store.source_states().await.expect("states").remove(0);
    assert_eq!((state.bulletins, state.pending, state.acts, state.flagged), (3, 2, 1, 1));
    assert_eq!(state.last_published_on, Some(day("2026-01-03")));
}

/// Many write at once, some add up meanwhile: nothing is lost, nobody fails.
pub(crate) async fn counts_stand_many_writers(store: Store) {
    let record = async |source: usize| {
        for n in 0..20 {
            let link = link(&format!("{source}-{n}"), Some("2026-08-01"));
            let code = format!("{}", source % 3);
            store.record_found(&code, &[link], at(n)).await.expect("recorded");
            if n % 5 == 0 {
                store.add_up_counts().await.expect("added up");
            }
        }
    };
    let (_, _, _, _) = tokio::join!(record(0), record(1), record(2), record(3));
    let kept = kept(&store).await;
    assert_eq!(kept, full(&store).await);
    assert_eq!(kept.iter().map(|counts| counts.bulletins).collect::<Vec<_>>(), [40, 20, 20]);
}
