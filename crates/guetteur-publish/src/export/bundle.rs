//! The evidence of one act in one zip: the PDF as fetched, what was read in it, how it came here, and
//! the hashes of all that.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use guetteur_archive::ProvenFile;
use guetteur_model::{ActPage, Sha256};
use guetteur_store::Version;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::ExportError;

/// What goes into the bundle of an act.
pub struct Bundle {
    /// The act as the API gives it.
    pub act: Value,
    /// Its text.
    pub text: Vec<ActPage>,
    /// How the PDF was fetched, newest first.
    pub versions: Vec<Version>,
    /// The PDF: its hash, and the file.
    pub pdf: (Sha256, ProvenFile),
    /// One line to cite it by.
    pub citation: String,
    /// When the bundle is made.
    pub made_at: DateTime<Utc>,
}

impl Bundle {
    /// Writes it. The PDF passes through in pieces.
    ///
    /// # Errors
    /// When the PDF cannot be read or has other bytes than its hash says, or `out` not be written.
    pub fn write(&self, out: impl Write) -> Result<(), ExportError> {
        let mut zip = ZipWriter::new_stream(out);
        let mut sums = String::new();
        let texts = [
            ("acte.json", serde_json::to_vec_pretty(&self.act)?),
            ("texte.txt", self.plain_text().into_bytes()),
            ("releve.json", serde_json::to_vec_pretty(&self.fetches())?),
            ("LISEZMOI.txt", self.read_me().into_bytes()),
        ];
        for (name, bytes) in texts {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(&bytes)?;
            // Writing to a string cannot fail.
            let _ = writeln!(sums, "{}  {name}", Sha256::of(&bytes));
        }
        let (hash, path) = (&self.pdf.0, self.pdf.1.path());
        // A PDF is compressed already, and may be large.
        let stored = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(true);
        zip.start_file("recueil.pdf", stored)?;
        let found = Sha256::of_reader(Copied { file: File::open(path)?, out: &mut zip })?;
        if found != *hash {
            // A zip that breaks off is no proof; one with other bytes would be a false one.
            let why = format!("{} was altered: its SHA-256 is now {found}", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, why).into());
        }
        let _ = writeln!(sums, "{hash}  recueil.pdf");
        zip.start_file("SHA256SUMS", SimpleFileOptions::default())?;
        zip.write_all(sums.as_bytes())?;
        zip.finish()?.into_inner().flush()?;
        Ok(())
    }

    fn plain_text(&self) -> String {
        let page = |page: &ActPage| format!("== page {} ==\n{}\n", page.number, page.text);
        self.text.iter().map(page).collect::<Vec<_>>().join("\n")
    }

    fn fetches(&self) -> Value {
        let fetch = |version: &Version| {
            json!({
                "sha256": version.document.sha256,
                "size_bytes": version.document.size_bytes,
                "url": version.final_url,
                "http_status": version.http_status,
                "etag": version.etag,
                "last_modified": version.last_modified,
                "first_fetched_at": version.first_fetched_at,
                "last_fetched_at": version.last_fetched_at,
                "reader_version": version.document.reader_version,
            })
        };
        json!({
            "source_url": self.act["source_url"],
            "first_seen_at": self.act["first_seen_at"],
            "fetches": self.versions.iter().map(fetch).collect::<Vec<_>>(),
            "made_at": self.made_at,
        })
    }

    fn read_me(&self) -> String {
        format!(
            "{}\n\nrecueil.pdf   le PDF tel que la préfecture l’a publié, octet pour octet\n\
             acte.json     l’acte : faits et signalements, chacun avec les mots et la page dont il \
             vient\ntexte.txt     le texte lu, page par page (numéros du PDF)\n\
             releve.json   quand et d’où le PDF a été téléchargé\nSHA256SUMS    les empreintes : \
             « sha256sum -c SHA256SUMS » les vérifie\n\nSeul l’original publié par la préfecture \
             fait foi.\n",
            self.citation
        )
    }
}

/// A file that is copied to `out` while it is read.
struct Copied<'a, W> {
    file: File,
    out: &'a mut W,
}

impl<W: Write> Read for Copied<'_, W> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(piece)?;
        self.out.write_all(&piece[..read])?;
        Ok(read)
    }
}
