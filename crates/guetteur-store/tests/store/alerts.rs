use guetteur_model::{ActId, BulletinId, Level, Sha256, Stage};
use guetteur_store::{AlertState, AnalysedAct, Store, Turn};

use crate::support::{
    Whole, act, at, claim, complete_flag, fetch_again, fetched, page, read_and_flag, read_record,
    record,
};

async fn announce(
    store: &Store,
    bulletin: BulletinId,
    content: &str,
    acts: &[Whole],
) -> Vec<ActId> {
    let acts: Vec<AnalysedAct> = acts.iter().map(Whole::analysed).collect();
    let document = Sha256::of(content.as_bytes());
    store.raise_alerts(bulletin, document, &acts, "rules-1", at(2)).await.expect("announced")
}

fn told(number: &str, title: &str) -> Whole {
    let mut act = act(Some(number), title, 1, "");
    act.text.clear();
    Whole::new(act)
}

fn read(number: &str, title: &str, page: u32) -> Whole {
    Whole::new(act(Some(number), title, page, "texte de la page"))
}

pub(crate) async fn reading_settles_first_alerts(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    let bulletin = found.bulletin.id;
    store.complete_fetch(&found, &fetched("pdf"), at(1)).await.expect("fetched");
    let first = [
        told("1", "a").flag("drone", Level::Authorises),
        told("2", "b").flag("drone", Level::Authorises),
        told("3", "c").flag("vsa", Level::Authorises),
        told("4", "d"),
    ];
    let raised = announce(&store, bulletin, "pdf", &first).await;
    assert_eq!(raised.len(), 3, "an act without a flag raises nothing");
    let records = store.acts_of_bulletin(bulletin).await.expect("acts");
    assert_eq!(records.len(), 4, "acts without a flag are there to be found");
    let alert = records[0].alert.as_ref().expect("alert");
    assert_eq!((alert.state, alert.raised_at), (AlertState::ToConfirm, at(2)));
    assert_eq!(alert.content.title, "a");
    assert_eq!(records[3].alert, None);

    let pages: Vec<_> = (1..=4).map(|number| page(number, "texte de la page")).collect();
    let acts = [
        read("1", "a", 2).flag("drone", Level::Authorises),
        read("2", "b", 3).flag("drone", Level::Restricts),
        read("4", "d", 4),
    ];
    let summary = read_and_flag(&store, &pages, &acts, 9).await;
    assert_eq!(summary.removed, [raised[2]]);
    let records = store.acts_by_ids(&raised).await.expect("acts");
    let states: Vec<_> = records.iter().map(|r| r.alert.as_ref().expect("alert").state).collect();
    assert_eq!(states, [AlertState::Confirmed, AlertState::Corrected, AlertState::Withdrawn]);
    assert!(records.iter().all(|record| record.updated_at == at(9)), "feeds tell it again");
    let vsa = &records[2].alert.as_ref().expect("alert").content.flags;
    assert_eq!(vsa[0].category.as_str(), "vsa", "what was said is kept");

    // The act that was missing comes back: another cut found it.
    store.reset_for_reclassify(&Default::default(), "rules-2").await.expect("reset");
    let mut acts = acts.to_vec();
    acts.insert(2, read("3", "c", 4).flag("vsa", Level::Authorises));
    let again = claim(&store, Stage::Read, 10).await;
    complete_flag(&store, &again, &acts, 10).await;
    let back = store.acts_by_ids(&raised[2..]).await.expect("act").remove(0);
    let alert = back.alert.expect("alert");
    assert_eq!(alert.state, AlertState::Confirmed);
    let turn = |state, hour| Turn { state, at: at(hour) };
    let turns = [turn(AlertState::Withdrawn, 9), turn(AlertState::Confirmed, 10)];
    assert_eq!(alert.content.turns, turns, "each with the time of its reading");
    let confirmed = store.acts_by_ids(&raised[..1]).await.expect("act").remove(0);
    let turns = confirmed.alert.expect("alert").content.turns;
    assert_eq!(turns, [turn(AlertState::Confirmed, 9)], "the same again is no turn");
}

/// What was read and confirmed was true, though the prefecture takes it out of its PDF later.
pub(crate) async fn a_confirmed_alert_outlives_its_act(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    let bulletin = found.bulletin.id;
    store.complete_fetch(&found, &fetched("pdf"), at(1)).await.expect("fetched");
    let first = [told("1", "a").flag("drone", Level::Authorises)];
    let raised = announce(&store, bulletin, "pdf", &first).await;
    let pages = [page(1, "texte de la page")];
    let acts = [read("1", "a", 1).flag("drone", Level::Authorises)];
    read_and_flag(&store, &pages, &acts, 3).await;
    fetch_again(&store, bulletin, "second", 4).await;
    let summary = read_and_flag(&store, &pages, &[], 5).await;
    assert_eq!(summary.removed, raised);
    let record = store.acts_by_ids(&raised).await.expect("act").remove(0);
    assert_eq!(record.alert.expect("alert").state, AlertState::Confirmed);
}

pub(crate) async fn what_is_read_is_worth_more_than_what_is_announced(store: Store) {
    record(&store, 1).await;
    let first = [told("1", "a").flag("drone", Level::Authorises)];
    let found = claim(&store, Stage::Found, 1).await;
    let bulletin = found.bulletin.id;
    assert!(announce(&store, bulletin, "pdf", &first).await.is_empty(), "not fetched yet");
    store.complete_fetch(&found, &fetched("pdf"), at(1)).await.expect("fetched");
    assert!(announce(&store, bulletin, "other", &first).await.is_empty(), "another PDF");
    let pages = [page(1, "texte de la page")];
    let reading = claim(&store, Stage::Fetched, 2).await;
    store.complete_read(&reading, &read_record(&pages), at(2)).await.expect("read");
    assert!(announce(&store, bulletin, "pdf", &first).await.is_empty(), "already read");
    let flagging = claim(&store, Stage::Read, 3).await;
    complete_flag(&store, &flagging, &[read("1", "a", 1)], 3).await;
    fetch_again(&store, bulletin, "second", 4).await;
    assert!(announce(&store, bulletin, "second", &first).await.is_empty(), "it has acts");
    assert!(announce(&store, BulletinId(99), "pdf", &first).await.is_empty(), "no such bulletin");
}

pub(crate) async fn what_is_awaited_is_read_first(store: Store) {
    record(&store, 3).await;
    for (nth, acts) in [
        vec![],
        vec![told("1", "a").flag("drone", Level::Authorises)],
        vec![told("2", "b").flag("drone", Level::Mentions)],
    ]
    .into_iter()
    .enumerate()
    {
        let found = claim(&store, Stage::Found, 1).await;
        let content = format!("pdf {nth}");
        store.complete_fetch(&found, &fetched(&content), at(1)).await.expect("fetched");
        announce(&store, found.bulletin.id, &content, &acts).await;
    }
    // The newest was fetched first.
    let read = claim(&store, Stage::Fetched, 2).await;
    assert_eq!(read.bulletin.published_on, Some(crate::support::day("2026-01-02")));
    let next = claim(&store, Stage::Fetched, 2).await;
    assert_eq!(next.bulletin.published_on, Some(crate::support::day("2026-01-03")));
}

/// « À confirmer » stands in lists, feeds and validators, which go by the revision.
pub(crate) async fn an_act_that_is_what_its_alert_said_changes_too(store: Store) {
    record(&store, 1).await;
    let found = claim(&store, Stage::Found, 1).await;
    let bulletin = found.bulletin.id;
    store.complete_fetch(&found, &fetched("pdf"), at(1)).await.expect("fetched");
    let same = [read("1", "a", 1).flag("drone", Level::Authorises)];
    let raised = announce(&store, bulletin, "pdf", &same).await;
    let before = store.totals().await.expect("totals").revision;
    read_and_flag(&store, &[page(1, "texte de la page")], &same, 9).await;
    assert!(store.totals().await.expect("totals").revision > before);
    let act = store.acts_by_ids(&raised).await.expect("acts").remove(0);
    assert_eq!(act.alert.expect("alert").state, AlertState::Confirmed);
    assert_eq!(act.updated_at, at(9));
}
