//! PostgreSQL: what becomes of the numbers of changes, and of who follows them, when connections are lost,
//! locks run out, or a dump is restored.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use guetteur_model::{ActId, Stage};
use guetteur_store::{Store, StoreError};
use guetteur_testkit::db::TestDatabase;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Executor};

use crate::support::{LEASE, Whole, act, at, fetched, page, process, read_record, record};

async fn connection(database: &TestDatabase) -> PgConnection {
    let options = PgConnectOptions::from_str(database.url()).expect("address");
    options.connect().await.expect("connects")
}

async fn number(connection: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.expect("a number")
}

const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Gives the ids of two acts.
async fn flag(store: &Store, content: &str) -> Vec<ActId> {
    let acts = ["a", "b"].map(|title| Whole::new(act(None, title, 1, "x")));
    process(store, content, &[page(1, "x")], &acts, 0).await.1.ids
}

async fn seen(store: &Store, after: i64) -> Vec<ActId> {
    let changed = store.acts_changed_since(after, 99).await.expect("changes");
    changed.iter().map(|act| act.id).collect()
}

#[tokio::test]
async fn a_transaction_of_many_changes_takes_one_lock() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    record(&store, 1).await;
    let mut slow = connection(&database).await;
    slow.execute("BEGIN").await.expect("begun");
    // With a lock each, the server's table is full after some thousands.
    let many = "SELECT count(take_act_revisions(1)) FROM generate_series(1, 30000)";
    assert_eq!(number(&mut slow, many).await, 30_000);
    assert_eq!(number(&mut slow, LOCKS).await, 1);
    let ids = flag(&store, "pdf").await;
    assert_eq!(seen(&store, 0).await, []);
    slow.execute("COMMIT").await.expect("ended");
    assert_eq!(seen(&store, 0).await, ids);
    // The next transaction of the same connection has a lock of its own.
    slow.execute("BEGIN").await.expect("begun");
    assert_eq!(number(&mut slow, "SELECT take_act_revisions(1)").await, 30_003);
    assert_eq!(store.revision().await.expect("revision"), 30_002);
    slow.execute("ROLLBACK").await.expect("ended");
    assert_eq!(store.revision().await.expect("revision"), 30_003);
    store.close().await;
}

#[tokio::test]
async fn a_failed_taking_holds_nobody() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    let mut failing = connection(&database).await;
    let too_many = "SELECT take_act_revisions(9223372036854775807)";
    failing.execute(too_many).await.expect_err("out of range");
    assert_eq!(number(&mut failing, LOCKS).await, 0, "the others would wait for ever");
    // Numbers given back with a part of a transaction are given back, the lock with them.
    let part = "BEGIN; SAVEPOINT a; SELECT take_act_revisions(1); ROLLBACK TO a; \
                SELECT take_act_revisions(1)";
    failing.execute(sqlx::raw_sql(part)).await.expect("done");
    assert_eq!(number(&mut failing, LOCKS).await, 1);
    assert_eq!(store.revision().await.expect("revision"), 1);
    store.close().await;
}

#[tokio::test]
async fn numbers_of_more_than_32_bits_are_kept_in_order() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    record(&store, 4).await;
    let mut slow = connection(&database).await;
    let mut before = number(&mut slow, "SELECT setval('act_revision', 4294967294)").await;
    for content in ["a", "b", "c", "d"] {
        slow.execute("BEGIN").await.expect("begun");
        let first = number(&mut slow, "SELECT take_act_revisions(1)").await;
        assert!(first > before && first != 1 << 32, "{first}: its lock would be that of none");
        let ids = flag(&store, content).await;
        assert_eq!(store.revision().await.expect("revision"), first - 1);
        assert_eq!(seen(&store, before).await, [], "they lie above what is open");
        slow.execute("COMMIT").await.expect("ended");
        assert_eq!(seen(&store, before).await, ids);
        before = store.revision().await.expect("revision");
    }
    store.close().await;
}

#[tokio::test]
async fn a_killed_connection_holds_nothing_back() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    record(&store, 1).await;
    let mut killed = connection(&database).await;
    killed.execute("BEGIN").await.expect("begun");
    let pid = number(&mut killed, "SELECT pg_backend_pid()::bigint").await;
    assert_eq!(number(&mut killed, "SELECT take_act_revisions(3)").await, 1);
    let ids = flag(&store, "pdf").await;
    assert_eq!(seen(&store, 0).await, []);
    let kill = sqlx::query("SELECT pg_terminate_backend($1::int, 10000)").bind(pid);
    kill.execute(&mut connection(&database).await).await.expect("killed");
    assert_eq!(seen(&store, 0).await, ids);
    store.close().await;
}

const BULLETINS: usize = 40;

/// Connections are ended under all of them, whatever they are at, by ones and by all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_misses_nothing_while_connections_are_killed() {
    let database = TestDatabase::postgres();
    let store = Store::open(database.url()).await.expect("opens");
    record(&store, BULLETINS as u32).await;
    let done = Arc::new(AtomicBool::new(false));
    let follower = tokio::spawn(follow(store.clone(), Arc::clone(&done)));
    let workers: Vec<_> = (0..3).map(|number| tokio::spawn(work(store.clone(), number))).collect();
    let mut killer = connection(&database).await;
    let one_in_three = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.33";
    let flagged = "SELECT count(*) FROM bulletins WHERE stage = 'flagged'";
    let mut killed = 0;
    // Each round lets some more be done.
    for step in 1..BULLETINS as i64 {
        while number(&mut killer, flagged).await < step {
            tokio::task::yield_now().await;
        }
        killed += number(&mut killer, one_in_three).await;
    }
    assert!(killed > 0);
    for worker in workers {
        worker.await.expect("worker");
    }
    done.store(true, Ordering::SeqCst);
    let seen = follower.await.expect("follower");
    let acts = number(&mut killer, "SELECT count(*) FROM acts").await;
    assert_eq!((seen.len() as i64, acts), (acts, BULLETINS as i64 * 2));
    store.close().await;
}

/// The acts, each seen at least once; what fails is asked again.
async fn follow(store: Store, done: Arc<AtomicBool>) -> HashSet<ActId> {
    let (mut revision, mut seen) = (0, HashSet::new());
    loop {
        let last_round = done.load(Ordering::SeqCst);
        let Ok(changes) = store.acts_changed_since(revision, 3).await else { continue };
        for change in &changes {
            assert!(change.revision > revision);
            revision = change.revision;
            seen.insert(change.id);
        }
        if changes.is_empty() && last_round {
            return seen;
        }
    }
}

/// Brings bulletins along the line until all are flagged; what fails is claimed again once its lease ends.
async fn work(store: Store, number: usize) {
    let worker = format!("worker-{number}");
    let stages = [Stage::Read, Stage::Fetched, Stage::Found];
    let mut minutes = 0;
    loop {
        let step = async {
            let claim = store.claim(&stages, None, &worker, at(minutes), LEASE).await?;
            let Some(claim) = claim else {
                // What a killed connection held is due again.
                minutes += 11;
                return Ok(store.totals().await?.acts == BULLETINS as u64 * 2);
            };
            match claim.bulletin.stage {
                Stage::Found => {
                    let fetch = fetched(&format!("pdf {}", claim.bulletin.id));
                    store.complete_fetch(&claim, &fetch, at(minutes)).await.map(drop)?;
                }
                Stage::Fetched => {
                    let read = read_record(&[page(1, "x")]);
                    store.complete_read(&claim, &read, at(minutes)).await.map(drop)?;
                }
                _ => {
                    let acts = ["a", "b"].map(|title| Whole::new(act(None, title, 1, "x")));
                    let acts = acts.map(|whole| whole.analysed());
                    let flagging = store.complete_flag(&claim, &acts, &[1], "r", at(minutes));
                    flagging.await.map(drop)?;
                }
            }
            Ok::<_, StoreError>(false)
        };
        if step.await.is_ok_and(|all_done| all_done) {
            return;
        }
    }
}

#[tokio::test]
async fn a_restored_dump_goes_on_with_its_numbers() {
    let (first, second) = (TestDatabase::postgres(), TestDatabase::postgres());
    let store = Store::open(first.url()).await.expect("opens");
    record(&store, 2).await;
    let told = flag(&store, "a").await;
    let mut given_back = connection(&first).await;
    let gap = "BEGIN; SELECT take_act_revisions(5); ROLLBACK";
    given_back.execute(sqlx::raw_sql(gap)).await.expect("given back");
    second.restore(&first);
    let restored = Store::open(second.url()).await.expect("opens");
    let revision = restored.revision().await.expect("revision");
    assert_eq!((revision, seen(&restored, 0).await), (7, told));
    let ids = flag(&restored, "b").await;
    assert_eq!(seen(&restored, revision).await, ids);
    // An index that followed the first, and lost what came after the dump, is told to be made anew.
    let lineage = async |store: &Store| store.lineage().await.expect("lineage");
    let one = lineage(&store).await;
    assert!(!one.is_empty() && one == lineage(&store).await);
    assert_ne!(one, lineage(&restored).await);
    for store in [store, restored] {
        store.close().await;
    }
}
