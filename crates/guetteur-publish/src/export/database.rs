//! All of a list as an SQLite file, as datasette and other programs expect one: tables with keys, indexes, a
//! full-text search, ISO dates, and a table that says what it is.
//!
//! `actes` has the columns of the CSV ([`super::COLUMNS`]); what a cell of the CSV holds several of is a table.
//! Names are a contract, as those of the columns: add, never rename.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use guetteur_model::{ActId, Category, Span};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::ExportError;
use super::columns::{COLUMNS, Cell, Kind};
use crate::address::Filters;
use crate::catalogue::Catalogue;
use crate::facts;
use crate::listing::BATCH;
use crate::published::PublishedAct;

/// Pages of 4 kB: what is larger than 4 GB is refused, and not the disk filled.
const MOST_PAGES: u32 = 1_000_000;

/// All tables but `actes`, which is made of its columns. Of a table with two columns, `id` and another, datasette
/// shows the other where a key leads to it.
const TABLES: &str = "
CREATE TABLE metadonnees (cle TEXT PRIMARY KEY, valeur TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE prefectures (id TEXT PRIMARY KEY, nom TEXT NOT NULL);
CREATE TABLE categories (id TEXT PRIMARY KEY, nom TEXT NOT NULL);
CREATE TABLE communes (id TEXT PRIMARY KEY, nom TEXT NOT NULL);
CREATE TABLE recueils (
  id INTEGER PRIMARY KEY, prefecture TEXT NOT NULL REFERENCES prefectures (id), titre TEXT NOT NULL,
  numero TEXT, publie_le TEXT, source TEXT NOT NULL, pdf_sha256 TEXT
);
CREATE TABLE signalements (
  id INTEGER PRIMARY KEY, acte INTEGER NOT NULL REFERENCES actes (id),
  categorie TEXT NOT NULL REFERENCES categories (id), niveau TEXT NOT NULL, regle TEXT NOT NULL,
  a_verifier INTEGER NOT NULL, lu_dans TEXT NOT NULL
);
CREATE TABLE faits (
  acte INTEGER NOT NULL REFERENCES actes (id), fait TEXT NOT NULL, nom TEXT NOT NULL,
  valeur TEXT NOT NULL, a_verifier INTEGER NOT NULL, PRIMARY KEY (acte, fait)
) WITHOUT ROWID;
CREATE TABLE preuves (
  id INTEGER PRIMARY KEY, acte INTEGER NOT NULL REFERENCES actes (id),
  signalement INTEGER REFERENCES signalements (id), fait TEXT, page INTEGER NOT NULL, mots TEXT NOT NULL
);
CREATE TABLE actes_communes (
  acte INTEGER NOT NULL REFERENCES actes (id), commune TEXT NOT NULL REFERENCES communes (id),
  PRIMARY KEY (acte, commune)
) WITHOUT ROWID;
CREATE TABLE textes_cites (
  acte INTEGER NOT NULL REFERENCES actes (id), texte TEXT NOT NULL, PRIMARY KEY (acte, texte)
) WITHOUT ROWID;
";

/// Made at the end, over all rows at once. Datasette knows a full-text table by `content="…"`, in these quotes.
const INDEXES: &str = "
CREATE INDEX actes_prefecture ON actes (prefecture);
CREATE INDEX actes_publie_le ON actes (publie_le);
CREATE INDEX actes_recueil_id ON actes (recueil_id);
CREATE INDEX recueils_prefecture ON recueils (prefecture);
CREATE INDEX signalements_acte ON signalements (acte);
CREATE INDEX signalements_categorie ON signalements (categorie, niveau);
CREATE INDEX preuves_acte ON preuves (acte);
CREATE INDEX preuves_signalement ON preuves (signalement);
CREATE INDEX actes_communes_commune ON actes_communes (commune);
CREATE INDEX textes_cites_texte ON textes_cites (texte);
CREATE VIRTUAL TABLE actes_fts USING fts5 (
  titre, communes, lieu, beneficiaire, preuve,
  content=\"actes\", content_rowid=\"id\", tokenize=\"unicode61 remove_diacritics 2\"
);
INSERT INTO actes_fts (actes_fts) VALUES ('rebuild');
ANALYZE;
";

/// `actes`: the columns of the CSV, and the bulletin.
fn acts_table() -> String {
    let column = |column: &super::Column| {
        let kind = match column.kind {
            Kind::Integer => "INTEGER",
            Kind::Number => "REAL",
            Kind::Text | Kind::Day | Kind::DayOrInstant | Kind::Instant => "TEXT",
        };
        let key = match column.name {
            "id" => " PRIMARY KEY",
            "prefecture" => " REFERENCES prefectures (id)",
            _ => "",
        };
        format!("{} {kind}{key}", column.name)
    };
    let columns: Vec<String> = COLUMNS.iter().map(column).collect();
    format!(
        "CREATE TABLE actes ({}, recueil_id INTEGER REFERENCES recueils (id));",
        columns.join(", ")
    )
}

/// How the file is laid out: all its tables and indexes. One that was kept is good while this is the same.
#[must_use]
pub fn database_layout() -> String {
    format!("{TABLES}{}{INDEXES}", acts_table())
}

/// Writes all acts of a list as an SQLite file in the place of `path`, at once when it is whole; gives how many.
///
/// # Errors
/// When index or database fail, or the file cannot be written or grows over 4 GB.
pub async fn write_database(
    catalogue: &Catalogue,
    filters: &Filters,
    path: &Path,
) -> Result<u64, ExportError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    // As any other file of whoever writes it: a temporary one is for its owner alone.
    let unfinished = tempfile::Builder::new()
        .prefix(".guetteur-")
        .suffix(".part")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?
        .into_temp_path();
    let mut writing = Writing::begin(&unfinished).await?;
    let ids = catalogue.ids(filters).await?;
    let mut written = 0;
    for batch in ids.chunks(BATCH) {
        let acts = catalogue.acts(batch).await?;
        written += acts.len() as u64;
        writing.push(&acts, &catalogue.site.base_url).await?;
    }
    writing.finish(catalogue, filters).await?;
    unfinished.persist(path).map_err(|error| error.error)?;
    Ok(written)
}

struct Writing {
    connection: SqliteConnection,
    next_flag: i64,
}

impl Writing {
    async fn begin(path: &Path) -> Result<Self, ExportError> {
        // What is killed on the way is thrown away: nothing need survive it.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false);
        let mut writing = Self { connection: options.connect().await?, next_flag: 1 };
        writing.run(format!("PRAGMA max_page_count = {MOST_PAGES};")).await?;
        writing.run(TABLES.to_owned()).await?;
        writing.run(acts_table()).await?;
        Ok(writing)
    }

    async fn run(&mut self, sql: String) -> Result<(), ExportError> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await?;
        Ok(())
    }

    /// A row, unless one with its key is there.
    async fn add<const N: usize>(
        &mut self,
        table: &str,
        row: [Cell; N],
    ) -> Result<(), ExportError> {
        self.add_all(table, row.into()).await
    }

    async fn add_all(&mut self, table: &str, row: Vec<Cell>) -> Result<(), ExportError> {
        let places = vec!["?"; row.len()].join(", ");
        let sql = AssertSqlSafe(format!("INSERT OR IGNORE INTO {table} VALUES ({places})"));
        let mut insert = sqlx::query(sql);
        for cell in row {
            insert = match cell {
                Cell::Empty => insert.bind(None::<String>),
                Cell::Text(text) => insert.bind(text),
                Cell::Integer(n) => insert.bind(n),
                Cell::Number(n) => insert.bind(n),
                Cell::Day(day) => insert.bind(day.to_string()),
                Cell::Instant(at) => insert.bind(at.format("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            };
        }
        insert.execute(&mut self.connection).await?;
        Ok(())
    }

    async fn push(&mut self, acts: &[PublishedAct], base_url: &str) -> Result<(), ExportError> {
        self.run("BEGIN;".to_owned()).await?;
        for act in acts {
            self.add_bulletin(act).await?;
            let cells = COLUMNS.iter().map(|column| (column.value)(act, base_url));
            let bulletin = Cell::Integer(act.bulletin.id.0);
            self.add_all("actes", cells.chain([bulletin]).collect()).await?;
            self.add_flags(act).await?;
            self.add_facts(act).await?;
        }
        self.run("COMMIT;".to_owned()).await
    }

    async fn add_bulletin(&mut self, act: &PublishedAct) -> Result<(), ExportError> {
        let (publisher, bulletin) = (&act.prefecture, &act.bulletin);
        let code = text(&publisher.code);
        self.add("prefectures", [code.clone(), text(&publisher.name)]).await?;
        let row = [
            Cell::Integer(bulletin.id.0),
            code,
            text(&bulletin.title),
            bulletin.number.as_deref().map_or(Cell::Empty, text),
            bulletin.published_on.map_or(Cell::Empty, Cell::Day),
            text(&bulletin.url),
            act.pdf_sha256.map_or(Cell::Empty, |sha| Cell::Text(sha.to_string())),
        ];
        self.add("recueils", row).await
    }

    async fn add_flags(&mut self, act: &PublishedAct) -> Result<(), ExportError> {
        for flag in &act.flags {
            let id = self.next_flag;
            self.next_flag += 1;
            let category: &Category = &flag.category;
            self.add("categories", [text(category.as_str()), text(category.label())]).await?;
            let row = [
                Cell::Integer(id),
                Cell::Integer(act.id.0),
                text(category.as_str()),
                text(flag.level.as_str()),
                text(&flag.rule),
                Cell::Integer(flag.to_check.into()),
                text(flag.basis.as_str()),
            ];
            self.add("signalements", row).await?;
            for span in &flag.evidence {
                self.add_words(act.id, Cell::Integer(id), Cell::Empty, span).await?;
            }
        }
        Ok(())
    }

    async fn add_facts(&mut self, act: &PublishedAct) -> Result<(), ExportError> {
        let of = |cell| [Cell::Integer(act.id.0), cell];
        for commune in &act.facts.communes {
            self.add("communes", [text(&commune.insee), text(&commune.name)]).await?;
            self.add("actes_communes", of(text(&commune.insee))).await?;
        }
        for cited in &act.facts.legal_refs {
            self.add("textes_cites", of(text(cited))).await?;
        }
        for fact in facts::rows(act) {
            let row = [
                Cell::Integer(act.id.0),
                text(fact.key),
                text(fact.label),
                Cell::Text(fact.value),
                Cell::Integer(fact.to_check.into()),
            ];
            self.add("faits", row).await?;
            for span in &fact.quotes {
                self.add_words(act.id, Cell::Empty, text(fact.key), span).await?;
            }
        }
        Ok(())
    }

    async fn add_words(
        &mut self,
        act: ActId,
        flag: Cell,
        fact: Cell,
        span: &Span,
    ) -> Result<(), ExportError> {
        let (act, page) = (Cell::Integer(act.0), Cell::Integer(span.page.into()));
        self.add("preuves", [Cell::Empty, act, flag, fact, page, text(&span.text)]).await
    }

    /// What the file is, its indexes, and its end.
    async fn finish(mut self, catalogue: &Catalogue, filters: &Filters) -> Result<(), ExportError> {
        let site = &catalogue.site;
        let made_at = catalogue.now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let about = [
            ("titre", "Actes de surveillance des recueils des préfectures".to_owned()),
            ("site", site.base_url.clone()),
            ("liste", format!("{}{}", site.base_url, filters.address("/recherche"))),
            ("produit_le", made_at),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("licence", "Licence Ouverte 2.0 (etalab-2.0)".to_owned()),
            (
                "licence_adresse",
                "https://www.etalab.gouv.fr/licence-ouverte-open-licence/".to_owned(),
            ),
            (
                "attribution",
                format!("{} et la préfecture qui publie ; seul l’original fait foi", site.title),
            ),
            ("colonnes", format!("{}/donnees#colonnes", site.base_url)),
        ];
        for (key, value) in about {
            self.add("metadonnees", [text(key), Cell::Text(value)]).await?;
        }
        self.run(INDEXES.to_owned()).await?;
        Ok(self.connection.close().await?)
    }
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}
