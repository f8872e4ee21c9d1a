use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use guetteur_model::{ActId, Stage};
use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};

use crate::support::{
    LEASE, Whole, act, at, claim, complete_flag, fetched, page, process, read_record, record,
};

const BULLETINS: usize = 24;

/// While four workers flag, a follower reads on from the last revision it saw. If a number could
/// become visible after a higher one, the follower would miss its act.
pub(crate) async fn changes_are_seen_in_order_by_a_follower(store: Store) {
    record(&store, BULLETINS as u32).await;
    let done = Arc::new(AtomicBool::new(false));
    let follower = tokio::spawn(follow(store.clone(), Arc::clone(&done)));
    let workers: Vec<_> = (0..4).map(|number| tokio::spawn(work(store.clone(), number))).collect();
    let mut written = Vec::new();
    for worker in workers {
        written.extend(worker.await.expect("worker"));
    }
    done.store(true, Ordering::SeqCst);
    let seen = follower.await.expect("follower");
    assert_eq!(written.len(), BULLETINS * 3);
    assert_eq!(seen.len(), written.len(), "each act once");
    let seen: HashSet<ActId> = seen.into_iter().collect();
    assert_eq!(seen, written.into_iter().collect());
}

async fn follow(store: Store, done: Arc<AtomicBool>) -> Vec<ActId> {
    let (mut revision, mut seen) = (0, Vec::new());
    loop {
        let last_round = done.load(Ordering::SeqCst);
        let changes = store.acts_changed_since(revision, 5).await.expect("changes");
        for change in &changes {
            assert!(change.revision > revision);
            revision = change.revision;
            seen.push(change.id);
        }
        if changes.is_empty() && last_round {
            return seen;
        }
    }
}

async fn work(store: Store, number: usize) -> Vec<ActId> {
    let worker = format!("worker-{number}");
    let mut ids = Vec::new();
    let pages = [page(1, "x")];
    let stages = [Stage::Read, Stage::Fetched, Stage::Found];
    while let Some(claim) = store.claim(&stages, None, &worker, at(0), LEASE).await.expect("claim")
    {
        let id = claim.bulletin.id;
        match claim.bulletin.stage {
            Stage::Found => {
                let fetch = fetched(&format!("pdf {id}"));
                store.complete_fetch(&claim, &fetch, at(0)).await.map(drop).expect("fetched");
            }
            Stage::Fetched => {
                store.complete_read(&claim, &read_record(&pages), at(0)).await.expect("read");
            }
            _ => {
                let acts = ["a", "b", "c"].map(|title| Whole::new(act(None, title, 1, "x")));
                ids.extend(complete_flag(&store, &claim, &acts, 0).await.ids);
            }
        }
    }
    ids
}

/// On PostgreSQL writers do not wait for one another: numbers may be committed in any order. What lies
/// above a number that is not committed yet is not told before it.
#[tokio::test]
async fn a_number_that_is_not_committed_keeps_later_ones_back_and_nobody_waiting() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    record(&store, 3).await;
    let acts = ["a", "b"].map(|title| Whole::new(act(None, title, 1, "x")));
    let flag = async || {
        let found = claim(&store, Stage::Found, 0).await;
        let fetch = fetched(&format!("pdf {}", found.bulletin.id));
        store.complete_fetch(&found, &fetch, at(0)).await.map(drop).expect("fetched");
        let read = claim(&store, Stage::Fetched, 0).await;
        store.complete_read(&read, &read_record(&[page(1, "x")]), at(0)).await.expect("read");
        let cut = claim(&store, Stage::Read, 0).await;
        complete_flag(&store, &cut, &acts, 0).await.ids
    };
    let seen = async |after| -> Vec<ActId> {
        let changed = store.acts_changed_since(after, 99).await.expect("changes");
        changed.iter().map(|act| act.id).collect()
    };
    let first = flag().await;
    assert_eq!((store.revision().await.expect("revision"), seen(0).await), (2, first));

    let options = PgConnectOptions::from_str(database.url()).expect("address");
    for (given, end) in [(3, "ROLLBACK"), (10, "COMMIT")] {
        let before = store.revision().await.expect("revision");
        let mut slow = options.connect().await.expect("connects");
        sqlx::query("BEGIN").execute(&mut slow).await.expect("begun");
        let first_of_five: i64 = sqlx::query_scalar("SELECT take_act_revisions(5)")
            .fetch_one(&mut slow)
            .await
            .expect("numbers");
        assert_eq!(first_of_five, given);
        let ids = flag().await;
        assert_eq!(store.revision().await.expect("revision"), before, "{end}");
        assert_eq!(seen(before).await, [], "they lie above what is open");
        assert_eq!(store.counted_since(before, 99).await.expect("counted").len(), 0);
        sqlx::query(end).execute(&mut slow).await.expect("ended");
        assert_eq!(store.revision().await.expect("revision"), given + 6, "{end}");
        assert_eq!(seen(before).await, ids);
    }
    store.close().await;
}

/// As when some tables alone came back from a backup: lower numbers would be told to nobody.
#[tokio::test]
async fn a_counter_behind_its_rows_goes_on_after_them() {
    for database in [TestDatabase::sqlite(), TestDatabase::postgres()] {
        let store = Store::open(database.url()).await.expect("opens");
        record(&store, 2).await;
        let acts = ["a", "b"].map(|title| Whole::new(act(None, title, 1, "x")));
        process(&store, "pdf", &[page(1, "x")], &acts, 0).await;
        store.close().await;
        if store.is_postgres() {
            let options = PgConnectOptions::from_str(database.url()).expect("address");
            let mut connection = options.connect().await.expect("connects");
            let back = sqlx::raw_sql("SELECT setval('act_revision', 0)");
            connection.execute(back).await.expect("set back");
        } else {
            let options = SqliteConnectOptions::from_str(database.url()).expect("address");
            let mut connection = options.connect().await.expect("connects");
            let back = sqlx::raw_sql("UPDATE counters SET value = 0");
            connection.execute(back).await.expect("set back");
        }
        let store = Store::open(database.url()).await.expect("opens");
        assert_eq!(store.revision().await.expect("revision"), 2);
        let ids = process(&store, "other", &[page(1, "x")], &acts, 0).await.1.ids;
        let changed = store.acts_changed_since(2, 99).await.expect("changes");
        assert_eq!(changed.iter().map(|act| act.id).collect::<Vec<_>>(), ids);
        store.close().await;
    }
}
