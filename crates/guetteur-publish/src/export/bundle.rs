//! The evidence of one act, or of several, in one zip: the PDF as fetched, what was read in it, how it came here, and
//! the hashes of all that.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use guetteur_archive::ProvenFile;
use guetteur_model::{ActId, ActPage, Sha256};
use guetteur_store::Version;
use serde_json::{Value, json};
use zip::write::{SimpleFileOptions, StreamWriter};
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
    /// The PDF: its hash, and the file, unless it is withheld.
    pub pdf: (Sha256, Option<ProvenFile>),
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
        let mut parcel = Parcel::new(out);
        self.put(&mut parcel, "", "recueil.pdf")?;
        if let (hash, Some(file)) = &self.pdf {
            parcel.pdf("recueil.pdf", *hash, file.path())?;
        }
        parcel.finish()
    }

    /// All but the PDF, which stands at `pdf` seen from there, in `folder`.
    fn put(
        &self,
        parcel: &mut Parcel<impl Write>,
        folder: &str,
        pdf: &str,
    ) -> Result<(), ExportError> {
        let texts = [
            ("acte.json", serde_json::to_vec_pretty(&self.act)?),
            ("texte.txt", self.plain_text().into_bytes()),
            ("releve.json", serde_json::to_vec_pretty(&self.fetches())?),
            ("LISEZMOI.txt", self.read_me(pdf).into_bytes()),
        ];
        for (name, bytes) in texts {
            parcel.bytes(&format!("{folder}{name}"), &bytes)?;
        }
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

    fn read_me(&self, pdf: &str) -> String {
        let whole = match self.pdf.1 {
            Some(_) => "le PDF tel que la préfecture l’a publié, octet pour octet",
            None => "n’est pas joint : l’exploitant du site en masque un passage",
        };
        format!(
            "{}\n\n{pdf}   {whole}\n\
             acte.json     l’acte : faits et signalements, chacun avec les mots et la page dont il \
             vient\ntexte.txt     le texte lu, page par page (numéros du PDF)\n\
             releve.json   quand et d’où le PDF a été téléchargé\nSHA256SUMS    les empreintes : \
             « sha256sum -c SHA256SUMS » les vérifie\n\nSeul l’original publié par la préfecture \
             fait foi.\n",
            self.citation
        )
    }
}

/// Several acts in one zip: a folder an act, each bulletin once, a table, the notes.
pub struct Dossier {
    /// Its title.
    pub title: String,
    /// Where it can be seen.
    pub address: String,
    /// Its acts as CSV.
    pub table: Vec<u8>,
    /// The notes on them; empty: none.
    pub notes: String,
    /// Its acts.
    pub bundles: Vec<(ActId, Bundle)>,
}

impl Dossier {
    /// Writes it. The PDFs pass through in pieces.
    ///
    /// # Errors
    /// As [`Bundle::write`].
    pub fn write(&self, out: impl Write) -> Result<(), ExportError> {
        let mut parcel = Parcel::new(out);
        let read_me = format!(
            "{}\n{}\n\nactes.csv     les actes, une ligne chacun, avec les notes\nactes/        un \
             dossier par acte : faits, texte, relevé du téléchargement\nrecueils/     les PDF tels \
             que publiés, nommés par leur SHA-256\nnotes.txt     les notes de qui a composé le \
             dossier, s’il y en a\nSHA256SUMS    les empreintes : « sha256sum -c SHA256SUMS » les \
             vérifie\n\nSeul l’original publié par la préfecture fait foi.\n",
            self.title, self.address
        );
        parcel.bytes("LISEZMOI.txt", read_me.as_bytes())?;
        parcel.bytes("actes.csv", &self.table)?;
        if !self.notes.is_empty() {
            parcel.bytes("notes.txt", self.notes.as_bytes())?;
        }
        let mut pdfs = BTreeMap::new();
        for (id, bundle) in &self.bundles {
            let hash = bundle.pdf.0;
            bundle.put(
                &mut parcel,
                &format!("actes/{id}/"),
                &format!("../../recueils/{hash}.pdf"),
            )?;
            pdfs.extend(bundle.pdf.1.as_ref().map(|file| (hash, file.path())));
        }
        for (hash, path) in pdfs {
            parcel.pdf(&format!("recueils/{hash}.pdf"), hash, path)?;
        }
        parcel.finish()
    }
}

/// A zip that is written file after file, with the hashes of all of them at its end.
struct Parcel<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    sums: String,
}

impl<W: Write> Parcel<W> {
    fn new(out: W) -> Self {
        Self { zip: ZipWriter::new_stream(out), sums: String::new() }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        self.zip.start_file(name, SimpleFileOptions::default())?;
        self.zip.write_all(bytes)?;
        // Writing to a string cannot fail.
        let _ = writeln!(self.sums, "{}  {name}", Sha256::of(bytes));
        Ok(())
    }

    fn pdf(&mut self, name: &str, hash: Sha256, path: &Path) -> Result<(), ExportError> {
        // A PDF is compressed already, and may be large.
        let stored = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(true);
        self.zip.start_file(name, stored)?;
        let found = Sha256::of_reader(Copied { file: File::open(path)?, out: &mut self.zip })?;
        if found != hash {
            // A zip that breaks off is no proof; one with other bytes would be a false one.
            let why = format!("{} was altered: its SHA-256 is now {found}", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, why).into());
        }
        let _ = writeln!(self.sums, "{hash}  {name}");
        Ok(())
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.zip.start_file("SHA256SUMS", SimpleFileOptions::default())?;
        self.zip.write_all(self.sums.as_bytes())?;
        self.zip.finish()?.into_inner().flush()?;
        Ok(())
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
