//! An object store that fills up while bulletins come in.

use chrono::TimeDelta;
use guetteur_model::{Clock, FailureKind, Stage, SystemClock};
use guetteur_store::{BulletinFilter, Store};
use guetteur_testkit::db::TestDatabase;
use guetteur_testkit::gate::Gate;
use guetteur_testkit::objects::TestStore;

use crate::federation::machine;
use crate::support::own_sites;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_costs_no_bulletin_its_place() {
    let sites = own_sites();
    let (database, objects) = (TestDatabase::sqlite(), TestStore::start());
    let gate = Gate::before(objects.address());
    let world = machine(&sites, &database, &objects, &objects.url("archive"))
        .with_variable("AWS_ENDPOINT_URL", &gate.endpoint());
    world.run(&["crawl", "39", "--json"]).ok();
    let store = Store::open(database.url()).await.expect("store");
    let rows = async || {
        let all = BulletinFilter { sources: vec!["34".to_owned()], ..BulletinFilter::default() };
        store.list_bulletins(&all, 1000, 0).await.expect("rows")
    };

    gate.set_full(true);
    let refused = world.run(&["crawl", "34"]);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("plein") || said.contains("full"), "{said}");
    let found = rows().await;
    assert!(!found.is_empty());
    for row in &found {
        // None is archived that is not, none has lost a try, all wait for five minutes.
        assert_eq!((row.stage, row.attempts), (Stage::Found, 0), "{row:?}");
        assert!(row.document.is_none() && row.failed_at.is_none(), "{row:?}");
        let failure = row.failure.as_ref().map(|failure| failure.kind);
        assert_eq!(failure, Some(FailureKind::Machine), "{row:?}");
        let again = row.next_attempt_at.expect("put off") - SystemClock.now();
        assert!(again <= TimeDelta::minutes(5), "{row:?}");
    }
    let verified = world.run(&["verify", "--json"]).ok();
    assert!(verified.json().is_empty(), "what the database names is there: {}", verified.stdout);

    // There is room again, and five minutes are over: nobody did anything.
    gate.set_full(false);
    let later = SystemClock.now() + TimeDelta::minutes(6);
    let lease = std::time::Duration::from_secs(60);
    let due = store.claim(&[Stage::Found], None, "w", later, lease).await.expect("asked");
    assert!(due.is_some(), "it is due by itself");
}
