//! `/donnees/guetteur.sqlite`, opened by SQLite itself.

use chrono::TimeDelta;
use guetteur_publish::export::COLUMNS;
use guetteur_store::NewMask;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};
use tempfile::NamedTempFile;

use crate::support::{Answer, Site, now};

const PATH: &str = "/donnees/guetteur.sqlite";

/// The file that an answer is, opened.
async fn opened(answer: &Answer) -> (SqliteConnection, NamedTempFile) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let file = NamedTempFile::new().expect("file");
    std::fs::write(file.path(), &answer.body).expect("written");
    let options = SqliteConnectOptions::new().filename(file.path()).foreign_keys(true);
    (options.connect().await.expect("a database"), file)
}

/// The rows of a question, their cells as text between bars.
async fn rows(database: &mut SqliteConnection, sql: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(database).await.expect(sql)
}

async fn text(site: &Site, address: &str) -> Vec<u8> {
    site.get(address).await.body
}

#[tokio::test]
async fn all_findings_are_tables_with_keys() {
    let site = Site::sample().await;
    let answer = site.get(PATH).await;
    assert_eq!(answer.header("content-type"), "application/vnd.sqlite3");
    assert!(answer.header("content-disposition").contains("guetteur.sqlite"));
    assert_eq!(answer.header("content-encoding"), "");
    let (mut base, _file) = opened(&answer).await;
    assert_eq!(rows(&mut base, "PRAGMA integrity_check").await, ["ok"]);
    let broken = "SELECT \"table\" FROM pragma_foreign_key_check";
    assert_eq!(rows(&mut base, broken).await, [""; 0], "every reference leads somewhere");

    // Acts with a flag, mentions too: as `guetteur export` gives them.
    assert_eq!(rows(&mut base, "SELECT count(*) || '' FROM actes").await, ["6"]);
    let names = rows(&mut base, "SELECT name FROM pragma_table_info('actes')").await;
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(names[..columns.len()], columns, "the columns of the CSV, in its order");
    let drone = "SELECT prefecture || '|' || typeof(prefecture) || '|' || publie_le || '|' || effet_debut \
                 || '|' || typeof(preavis_heures) FROM actes WHERE titre LIKE '%fête%'";
    let drone = rows(&mut base, drone).await;
    assert!(drone[0].starts_with("34|text|2026-08-13|2026-08-14T18:00:00+02:00|"), "{drone:?}");
    let joined = "SELECT p.nom || ' : ' || c.nom FROM signalements s JOIN actes a ON a.id = s.acte \
                  JOIN prefectures p ON p.id = a.prefecture JOIN categories c ON c.id = s.categorie \
                  WHERE s.niveau = 'authorises' AND a.titre LIKE '%fête%'";
    assert_eq!(rows(&mut base, joined).await, ["Préfecture de l'Hérault : Drones et hélicoptères"]);
    let words = "SELECT p.page || ' ' || p.mots FROM preuves p JOIN signalements s ON s.id = p.signalement \
                 JOIN actes a ON a.id = s.acte WHERE a.titre LIKE '%fête%'";
    assert!(rows(&mut base, words).await[0].starts_with("3 La captation"));
    let towns = "SELECT c.nom FROM communes c JOIN actes_communes l ON l.commune = c.id \
                 JOIN actes a ON a.id = l.acte WHERE a.titre LIKE '%fête%' ORDER BY c.nom";
    assert_eq!(rows(&mut base, towns).await, ["Montpellier", "Sète"]);
    let found = "SELECT a.titre FROM actes_fts f JOIN actes a ON a.id = f.rowid \
                 WHERE actes_fts MATCH 'fete'";
    assert_eq!(rows(&mut base, found).await.len(), 1, "accents do not matter");
    let about = "SELECT cle || '=' || valeur FROM metadonnees WHERE cle IN ('licence', 'site')";
    let about = rows(&mut base, about).await;
    assert_eq!(
        about,
        ["licence=Licence Ouverte 2.0 (etalab-2.0)", "site=https://guetteur.example"]
    );
    let whole = "SELECT titre FROM actes WHERE titre LIKE '%HYPERLINK%'";
    assert_eq!(rows(&mut base, whole).await, [crate::support::EVIL], "no apostrophe in a database");
}

#[tokio::test]
async fn a_reader_that_has_it_is_told_so_and_a_download_goes_on() {
    let mut site = Site::sample().await;
    let first = site.get(PATH).await;
    let tag = first.header("etag").to_owned();
    let again = site.get_with(PATH, ("if-none-match", &tag)).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let rest = site.get_with(PATH, ("range", "bytes=100-")).await;
    assert_eq!(rest.status, 206);
    assert_eq!(rest.body[..], first.body[100..]);

    let mut news = crate::support::bulletins().remove(1);
    news.url = "https://www.prefecturedepolice.fr/nouveau.pdf";
    news.acts[0].act.number = Some("2026-00900".into());
    site.publish(&news).await;
    site.index().await;
    assert_eq!(site.get(PATH).await.header("etag"), tag, "not at each change");
    site.at(now() + TimeDelta::minutes(11));
    let changed = site.get_with(PATH, ("if-none-match", &tag)).await;
    let (mut base, _file) = opened(&changed).await;
    assert_eq!(rows(&mut base, "SELECT count(*) || '' FROM actes").await, ["7"]);
    let other = [("range", "bytes=100-"), ("if-range", tag.as_str())];
    let restarted = site.get_with_all(PATH, &other).await;
    assert_eq!(restarted.status, 200, "of another file nothing is appended to this one");
    assert_eq!(restarted.body, changed.body);
}

#[tokio::test]
async fn a_name_that_is_masked_is_in_no_file_from_then_on() {
    let site = Site::sample().await;
    let titles = "SELECT titre FROM actes WHERE titre LIKE '%fête%'";
    let (mut base, _file) = opened(&site.get(PATH).await).await;
    assert_eq!(rows(&mut base, titles).await.len(), 1);
    let store = &site.state.catalogue.store;
    let id = "SELECT id || '' FROM actes WHERE titre LIKE '%fête%'";
    let act = rows(&mut base, id).await[0].parse().expect("id");
    let mask = NewMask { act, passage: "fête de la mer", reason: None, keeps_pdf: true };
    store.lay_mask(mask, now()).await.expect("masked");
    // The index has not followed yet, and the file is younger than ten minutes.
    let (mut base, _file) = opened(&site.get(PATH).await).await;
    assert_eq!(rows(&mut base, titles).await, [""; 0]);
}

#[tokio::test]
async fn many_readers_cost_one_file() {
    let site = Site::sample().await;
    let (a, b, c) = tokio::join!(text(&site, PATH), text(&site, PATH), text(&site, PATH));
    assert!(a.starts_with(b"SQLite format 3\0") && a == b && b == c);
    let files = || std::fs::read_dir(site.exports()).expect("folder").flatten();
    assert_eq!(files().count(), 1);
    files().for_each(|file| std::fs::remove_file(file.path()).expect("removed"));
    assert_eq!(site.get(PATH).await.status, 200, "what was removed is written again");
}
