//! The data package: both tables as CSV and `datapackage.json`, which describes every column as a
//! Table Schema (<https://datapackage.org>), in one zip.
//!
//! It is streamed: the second table waits in a temporary file while the first is written.

use std::io::{self, Read, Seek, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::columns::SEPARATOR;
use super::csv::Dialect;
use super::schema::table_schema;
use super::{ExportError, Table};
use crate::published::PublishedAct;

const ACTS: &str = "actes.csv";
const COMMUNES: &str = "actes_communes.csv";

/// Bytes moved at a time.
const PIECE: usize = 64 * 1024;

pub(super) struct Package {
    zip: ZipWriter<StreamWriter<Pipe>>,
    pipe: Pipe,
    communes: std::fs::File,
}

impl Package {
    pub(super) fn begin(out: &mut dyn Write) -> Result<Self, ExportError> {
        let pipe = Pipe::default();
        let mut zip = ZipWriter::new_stream(pipe.clone());
        let mut communes = tempfile::tempfile()?;
        zip.start_file(ACTS, options())?;
        Dialect::Rfc4180.write_header(Table::Acts, &mut zip)?;
        Dialect::Rfc4180.write_header(Table::Communes, &mut communes)?;
        pipe.drain(out)?;
        Ok(Self { zip, pipe, communes })
    }

    pub(super) fn push(
        &mut self,
        acts: &[PublishedAct],
        base_url: &str,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        Dialect::Rfc4180.write_rows(Table::Acts, acts, base_url, &mut self.zip)?;
        Dialect::Rfc4180.write_rows(Table::Communes, acts, base_url, &mut self.communes)?;
        Ok(self.pipe.drain(out)?)
    }

    pub(super) fn finish(mut self, base_url: &str, out: &mut dyn Write) -> Result<(), ExportError> {
        self.zip.start_file(COMMUNES, options())?;
        self.communes.rewind()?;
        let mut piece = vec![0; PIECE];
        loop {
            match self.communes.read(&mut piece)? {
                0 => break,
                n => self.zip.write_all(&piece[..n])?,
            }
            self.pipe.drain(out)?;
        }
        self.zip.start_file("datapackage.json", options())?;
        serde_json::to_writer_pretty(&mut self.zip, &description(base_url))?;
        self.zip.finish()?;
        self.pipe.drain(out)?;
        Ok(out.flush()?)
    }
}

/// Of any size.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true)
}

/// Between the zip, which owns its writer, and ours, which changes from call to call.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn drain(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `datapackage.json`.
fn description(base_url: &str) -> Value {
    let acts = resource("actes", ACTS, "Une ligne par acte", Table::Acts);
    let about = "Une ligne par commune que nomme un acte";
    let mut communes = resource("actes_communes", COMMUNES, about, Table::Communes);
    communes["schema"]["foreignKeys"] =
        json!([{ "fields": ["acte"], "reference": { "resource": "actes", "fields": ["id"] } }]);
    json!({
        "profile": "tabular-data-package",
        "name": "guetteur",
        "title": "Actes de surveillance des recueils des préfectures",
        "description": format!(
            "Une cellule à plusieurs valeurs les sépare par « {} ». Une cellule de texte qui \
             commencerait comme une formule de tableur est précédée d’une apostrophe.",
            SEPARATOR.trim()
        ),
        "homepage": base_url,
        "licenses": [{
            "name": "etalab-2.0",
            "title": "Licence Ouverte 2.0",
            "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        }],
        "resources": [acts, communes],
    })
}

fn resource(name: &str, path: &str, title: &str, table: Table) -> Value {
    json!({
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": { "delimiter": ",", "lineTerminator": "\r\n", "header": true },
        "schema": table_schema(table, false),
    })
}
