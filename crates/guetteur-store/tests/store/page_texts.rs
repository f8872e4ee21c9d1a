//! Texts of pages are packed; those that were stored before are, in batches.

use std::str::FromStr;

use guetteur_model::{Page, Sha256, Stage};
use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;
use sqlx::{ConnectOptions, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use crate::support::{at, claim, fetched, page, read_record, record};

/// As many pages as fill three blocks.
fn pages(of: &str) -> Vec<Page> {
    (1..=70)
        .map(|number| page(number, &format!("{of}, page {number} : captation d’images")))
        .collect()
}

async fn read(store: &Store, content: &str, minutes: i64) -> Sha256 {
    let found = claim(store, Stage::Found, minutes).await;
    store.complete_fetch(&found, &fetched(content), at(minutes)).await.expect("fetched");
    let to_read = claim(store, Stage::Fetched, minutes + 1).await;
    let read = read_record(&pages(content));
    store.complete_read(&to_read, &read, at(minutes + 2)).await.expect("read");
    Sha256::of(content.as_bytes())
}

pub(crate) async fn a_page_is_read_from_its_block(store: Store) {
    record(&store, 1).await;
    let document = read(&store, "pdf", 1).await;
    assert_eq!(store.pages(document).await.expect("pages"), pages("pdf"));
    for number in [1, 32, 33, 70] {
        let one = store.page(document, number).await.expect("page").expect("there");
        assert_eq!(one, pages("pdf")[number as usize - 1]);
    }
    assert_eq!(store.page(document, 71).await.expect("asked"), None);
    let traced = store.traced_pages(document).await.expect("pages");
    assert_eq!(traced.into_iter().map(|traced| traced.page).collect::<Vec<_>>(), pages("pdf"));
    assert_eq!(store.pack_texts(None, 10).await.expect("nothing to pack"), []);
}

/// The texts as they were stored before there were blocks.
const AS_BEFORE: [&str; 2] =
    ["UPDATE pages SET plain_text = 'page ' || number WHERE number <> 3", "DELETE FROM page_texts"];

async fn old_texts_are_packed_in_batches(url: &str) {
    let store = Store::open(url).await.expect("opens");
    let before = |number: u32| match number {
        3 => String::new(),
        _ => format!("page {number}"),
    };
    let texts = async |document| -> Vec<String> {
        let pages = store.pages(document).await.expect("pages");
        pages.into_iter().map(|page| page.text).collect()
    };
    let expected: Vec<String> = (1..=70).map(before).collect();
    let mut documents: Vec<Sha256> =
        ["a", "b", "c"].map(|content| Sha256::of(content.as_bytes())).to_vec();
    documents.sort_unstable();
    for document in &documents {
        assert_eq!(texts(*document).await, expected, "read as they are");
    }
    assert_eq!(store.pack_texts(None, 2).await.expect("packed"), documents[..2]);
    // Stopped here, it begins anew: what is packed is passed over.
    assert_eq!(store.pack_texts(None, 2).await.expect("packed"), documents[2..]);
    assert_eq!(store.pack_texts(None, 2).await.expect("all packed"), []);
    for document in &documents {
        assert_eq!(texts(*document).await, expected);
    }
    store.compact().await.expect("compacted");
    assert_eq!(texts(documents[1]).await, expected);
    store.close().await;
}

async fn fill(url: &str) {
    let store = Store::open(url).await.expect("opens");
    record(&store, 3).await;
    for (content, minutes) in [("a", 1), ("b", 10), ("c", 20)] {
        read(&store, content, minutes).await;
    }
    store.close().await;
}

#[tokio::test]
async fn old_texts_of_an_sqlite_file() {
    let database = TestDatabase::sqlite();
    fill(database.url()).await;
    let options = SqliteConnectOptions::from_str(database.url()).expect("address");
    let mut connection = options.connect().await.expect("connects");
    for sql in AS_BEFORE {
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("runs");
    }
    sqlx::Connection::close(connection).await.expect("closed");
    old_texts_are_packed_in_batches(database.url()).await;
}

#[tokio::test]
async fn old_texts_of_a_postgres_database() {
    let database = TestDatabase::postgres();
    fill(database.url()).await;
    let options = PgConnectOptions::from_str(database.url()).expect("address");
    let mut connection = options.connect().await.expect("connects");
    for sql in AS_BEFORE {
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("runs");
    }
    old_texts_are_packed_in_batches(database.url()).await;
}
