//! One database into another, and back.

use std::str::FromStr;

use guetteur_model::{ActId, HiddenWords, Level, Stage, TownStep};
use guetteur_store::{
    About, Channel, MoveStep, MovedTable, NewMask, NewStep, PassKind, PassOutcome, ReadRecord,
    Receiver, Store, StoreError,
};
use guetteur_testkit::db::TestDatabase;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor};

use crate::support::{LEASE, Whole, act, at, claim, fetched, page, process, read_record, record};

/// Rows in most tables, among them some that point to later ones of their own.
async fn fill(store: &Store) {
    record(store, 4).await;
    let drone = |number: &str| {
        let mut whole = Whole::new(act(Some(number), &format!("Arrêté {number}"), 1, "captation"));
        whole.identity.keys = vec![number.to_owned()];
        whole.identity.sameness = Some("same".to_owned());
        whole.facts.beneficiary = Some("M. Jean Dupré".to_owned());
        whole.flag("drone", Level::Authorises)
    };
    let pages = [page(1, "captation d’images\n« 10\u{a0}% »"), page(2, "")];
    let (_, first) = process(store, "a", &pages, &[drone("1")], 1).await;
    process(store, "b", &pages, &[drone("9")], 2).await;
    // The same PDF as the first: its row points to another one.
    let found = claim(store, Stage::Found, 40).await;
    store.complete_fetch(&found, &fetched("a"), at(41)).await.expect("fetched");
    let found = claim(store, Stage::Found, 42).await;
    store.complete_fetch(&found, &fetched("c"), at(43)).await.expect("fetched");
    let scanned = claim(store, Stage::Fetched, 44).await;
    let hidden = vec![HiddenWords { page: 2, text: "sous le cache".to_owned() }];
    let kept = ReadRecord { hidden: Some(hidden), ..read_record(&pages) };
    store.keep_scanned(&scanned, &kept).await.expect("kept");
    let mask = NewMask { act: first.ids[0], passage: "Dupré", reason: None, keeps_pdf: true };
    store.lay_mask(mask, at(50)).await.expect("masked");
    let pass = store.begin_pass("34", PassKind::Daily, at(51)).await.expect("pass");
    store.finish_pass(pass, &PassOutcome::default(), at(52)).await.expect("pass");
    store.set_archive_mark("0123").await.expect("marked");
}

async fn moved(from: &Store, to: &Store) -> Vec<MovedTable> {
    from.move_to(to, |_| Ok(())).await.expect("moved")
}

#[tokio::test]
async fn a_database_moves_to_the_other_kind_and_back() {
    let databases = [TestDatabase::sqlite(), TestDatabase::postgres(), TestDatabase::sqlite()];
    let mut stores = Vec::new();
    for database in &databases {
        stores.push(Store::open(database.url()).await.expect("opens"));
    }
    let [first, second, third] = &stores[..] else { panic!("three") };
    fill(first).await;
    let there = moved(first, second).await;
    assert_eq!(second.add_up_counts().await.expect("added up"), 0, "what was copied is counted");
    let back = moved(second, third).await;
    assert_eq!(there, back);
    let rows = |name: &str| there.iter().find(|table| table.name == name).map(|table| table.rows);
    assert_eq!((rows("bulletins"), rows("acts"), rows("flags")), (Some(4), Some(2), Some(2)));
    assert!(rows("page_texts") > Some(0) && rows("masks") == Some(1) && rows("passes") == Some(1));

    let acts = async |store: &Store| store.acts_by_ids(&[ActId(1), ActId(2)]).await.expect("acts");
    let expected = acts(first).await;
    assert!(expected.iter().any(|act| act.repeats.is_some()), "{expected:?}");
    for store in [second, third] {
        assert_eq!(acts(store).await, expected);
        let concealing = store.concealing_documents(10).await.expect("listed");
        assert_eq!(concealing.iter().map(|document| document.words).collect::<Vec<_>>(), [3]);
        assert_eq!(store.revision().await.expect("revision"), first.revision().await.expect("one"));
        assert_eq!(store.totals().await.expect("totals"), first.totals().await.expect("totals"));
        assert_eq!(store.archive_mark().await.expect("mark").as_deref(), Some("0123"));
        // New rows get numbers that none had.
        let new = crate::support::link("new", None);
        store.record_found("35", &[new], at(60)).await.expect("recorded");
        let scope = ["35".to_owned()];
        let claimed = store.claim(&[Stage::Found], Some(&scope), "w", at(61), LEASE);
        assert_eq!(claimed.await.expect("claim").expect("due").bulletin.id.0, 5);
    }
}

#[tokio::test]
async fn an_interrupted_move_goes_on_and_no_other_rows_are_mixed() {
    let (from, to) = (TestDatabase::postgres(), TestDatabase::sqlite());
    let from = Store::open(from.url()).await.expect("opens");
    let to = Store::open(to.url()).await.expect("opens");
    fill(&from).await;
    let mut tables = 0;
    let cut = from.move_to(&to, |step| {
        tables += u32::from(matches!(step, MoveStep::Copied(..)));
        if tables < 3 { Ok(()) } else { Err(StoreError::Move { reason: "a kill".into() }) }
    });
    assert!(cut.await.is_err());
    let other = TestDatabase::sqlite();
    let other = Store::open(other.url()).await.expect("opens");
    let error = other.move_to(&to, |_| Ok(())).await.expect_err("half of another");
    assert!(error.to_string().contains("finish that move"), "{error}");
    let whole = moved(&from, &to).await;
    let filled = TestDatabase::sqlite();
    let filled = Store::open(filled.url()).await.expect("opens");
    assert_eq!(moved(&from, &filled).await, whole);
    let error = from.move_to(&filled, |_| Ok(())).await.expect_err("not empty");
    assert!(error.to_string().contains("not empty"), "{error}");
}

#[tokio::test]
async fn rows_that_come_meanwhile_are_told() {
    let (from, to) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let from = Store::open(from.url()).await.expect("opens");
    let to = Store::open(to.url()).await.expect("opens");
    fill(&from).await;
    let writer = to.clone();
    let moving = from.move_to(&to, |step| {
        if matches!(step, MoveStep::Compared(table) if table.name == "acts") {
            return Err(StoreError::Move { reason: "late".into() });
        }
        Ok(())
    });
    assert!(moving.await.is_err());
    writer
        .record_found("35", &[crate::support::link("new", None)], at(60))
        .await
        .expect("recorded");
    let error = from.move_to(&to, |_| Ok(())).await.expect_err("a row more");
    assert!(error.to_string().contains("bulletins differs"), "{error}");
}

/// Numbers that were given back are above those of all acts, and a subscriber may have been told up to them.
#[tokio::test]
async fn who_was_told_up_to_a_number_is_told_of_all_after_the_move() {
    let (from, to) = (TestDatabase::postgres(), TestDatabase::sqlite());
    let (first, second) = (Store::open(from.url()).await, Store::open(to.url()).await);
    let (first, second) = (first.expect("opens"), second.expect("opens"));
    fill(&first).await;
    let options = PgConnectOptions::from_str(from.url()).expect("address");
    let mut connection = options.connect().await.expect("connects");
    let given_back = sqlx::raw_sql("BEGIN; SELECT take_act_revisions(7); ROLLBACK");
    connection.execute(given_back).await.expect("given back");
    let (target, query) = ("a".to_owned(), "categorie=drone".to_owned());
    let receiver = Receiver { target, query, about: About::Acts };
    first.configure_receivers(Channel::Webhook, &[receiver], at(60)).await.expect("kept");
    let due = first.due_subscriptions(at(1000)).await.expect("due");
    let told = due[0].told_revision;
    assert_eq!(told, first.revision().await.expect("revision"));
    moved(&first, &second).await;
    assert_eq!(second.revision().await.expect("revision"), told);
}

/// What an operator wrote stands in a database without any bulletin, and must not go.
#[tokio::test]
async fn a_register_alone_is_not_moved_over() {
    for to in [TestDatabase::sqlite(), TestDatabase::postgres()] {
        let from = TestDatabase::sqlite();
        let (first, second) = (Store::open(from.url()).await, Store::open(to.url()).await);
        let (first, second) = (first.expect("opens"), second.expect("opens"));
        fill(&first).await;
        let step = NewStep {
            insee: "34172".to_owned(),
            step: TownStep::Asked,
            happened_on: crate::support::day("2026-03-01"),
            says: None,
            source: None,
        };
        second.record_step(&step, at(0)).await.expect("recorded");
        let error = first.move_to(&second, |_| Ok(())).await.expect_err("not empty");
        assert!(error.to_string().contains("not empty (table town_steps)"), "{error}");
        assert_eq!(second.steps().await.expect("steps").len(), 1);
    }
}
