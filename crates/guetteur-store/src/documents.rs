//! Documents (PDFs by their hash), the fetches that brought them, and their pages.

use crate::boxed;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use guetteur_model::{BulletinId, Page, Sha256};

use crate::store::{read, write};
use crate::{ClaimedBulletin, Store, StoreError};

/// What is known of a document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentStatus {
    /// In the archive, not read yet.
    Stored,
    /// Read.
    Read,
    /// Read, but some pages could not be.
    Partial,
}

impl DocumentStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Stored, Self::Read, Self::Partial];

    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Read => "read",
            Self::Partial => "partial",
        }
    }
}

/// One PDF of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its name in the archive.
    pub sha256: Sha256,
    /// Bytes.
    pub size_bytes: u64,
    /// Pages, once read.
    pub page_count: Option<u32>,
    /// Pages that went through OCR.
    pub ocr_pages: u32,
    /// What is known of its text.
    pub status: DocumentStatus,
    /// The file ends too soon, or has more pages than are read.
    pub cut_short: bool,
    /// Why it could not be read in full, in plain words.
    pub note: Option<String>,
    /// When its bytes were first fetched.
    pub first_seen_at: DateTime<Utc>,
    /// Version of the reader that read it.
    pub reader_version: Option<String>,
}

/// A document that the archive must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldDocument {
    /// Its name in the archive.
    pub sha256: Sha256,
    /// The first bulletin that published it.
    pub bulletin: Option<BulletinId>,
}

/// What a fetch brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRecord {
    /// Hash of the bytes, now in the archive.
    pub sha256: Sha256,
    /// Bytes.
    pub size_bytes: u64,
    /// Address after redirects.
    pub final_url: String,
    /// HTTP status (200).
    pub http_status: u16,
    /// `ETag` header.
    pub etag: Option<String>,
    /// `Last-Modified` header.
    pub last_modified: Option<String>,
}

/// What the fetch made of the bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchOutcome {
    /// To be read now.
    New,
    /// The bytes are other than those of the last fetch: a new version, to be read.
    Changed,
    /// Another bulletin holds the same PDF: nothing is left to do here.
    DuplicateOf(BulletinId),
}

/// One version of a bulletin's PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The PDF.
    pub document: DocumentRow,
    /// When these bytes were first fetched for this bulletin.
    pub first_fetched_at: DateTime<Utc>,
    /// When they were last fetched.
    pub last_fetched_at: DateTime<Utc>,
    /// Address after redirects.
    pub final_url: String,
    /// HTTP status.
    pub http_status: u16,
    /// `ETag` header.
    pub etag: Option<String>,
    /// `Last-Modified` header.
    pub last_modified: Option<String>,
}

impl Store {
    /// Stores a fetch (a version beside the earlier ones) and marks the bulletin fetched. The
    /// bytes must be in the archive already. Ends the lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn complete_fetch(
        &self,
        claim: &ClaimedBulletin,
        fetch: &FetchRecord,
        now: DateTime<Utc>,
    ) -> Result<FetchOutcome, StoreError> {
        write!(self, "storing a fetch", |connection| sql::documents::complete_fetch(
            connection, claim, fetch, now
        )
        .await)
    }

    /// One document.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn document(&self, sha256: Sha256) -> Result<Option<DocumentRow>, StoreError> {
        read!(self, "reading a document", |connection| sql::documents::by_sha256(
            connection, sha256
        )
        .await)
    }

    /// The sizes of documents, in bytes.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn document_sizes(
        &self,
        documents: &[Sha256],
    ) -> Result<HashMap<Sha256, u64>, StoreError> {
        let rows = read!(self, "reading the sizes of documents", |connection| {
            sql::documents::sizes(connection, documents).await
        })?;
        let size = |(name, bytes): (String, i64)| {
            let bytes = crate::rows::number("documents.size_bytes", bytes)?;
            Ok((crate::rows::sha256("documents.sha256", &name)?, bytes))
        };
        rows.into_iter().map(size).collect()
    }

    /// At most `limit` documents in order of their names, those after `last`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn documents_after(
        &self,
        last: Option<Sha256>,
        limit: u32,
    ) -> Result<Vec<HeldDocument>, StoreError> {
        let rows = read!(self, "listing documents", |connection| {
            sql::documents::after(connection, last, limit).await
        })?;
        let held = |(name, bulletin): (String, Option<i64>)| {
            let sha256 = crate::rows::sha256("sha256", &name)?;
            Ok(HeldDocument { sha256, bulletin: bulletin.map(BulletinId) })
        };
        rows.into_iter().map(held).collect()
    }

    /// The names of at most `limit` documents at either end of their order.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn outermost_documents(&self, limit: u32) -> Result<Vec<Sha256>, StoreError> {
        let names = read!(self, "listing documents", |connection| {
            sql::documents::outermost(connection, limit).await
        })?;
        names.iter().map(|name| crate::rows::sha256("documents.sha256", name)).collect()
    }

    /// Pages of a document, in order; empty when it is unknown or not read.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn pages(&self, sha256: Sha256) -> Result<Vec<Page>, StoreError> {
        read!(self, "reading pages", |connection| sql::documents::pages(
            connection,
            sha256,
            0,
            u32::MAX
        )
        .await)
    }

    /// One page, from 1.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn page(&self, sha256: Sha256, number: u32) -> Result<Option<Page>, StoreError> {
        let mut pages = read!(self, "reading a page", |connection| {
            sql::documents::pages(connection, sha256, number, number).await
        })?;
        Ok(pages.pop())
    }

    /// Versions of a bulletin's PDF, newest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn bulletin_versions(&self, id: BulletinId) -> Result<Vec<Version>, StoreError> {
        read!(self, "reading the versions of a bulletin", |connection| sql::documents::versions(
            connection, id.0
        )
        .await)
    }

    /// Bulletins that publish this document, the one that owns the acts first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn bulletins_of_document(
        &self,
        sha256: Sha256,
    ) -> Result<Vec<crate::BulletinRow>, StoreError> {
        let mut rows = read!(self, "reading the bulletins of a document", |connection| {
            sql::bulletins::by_document(connection, &sha256.to_string()).await
        })?;
        self.cover_bulletins(&mut rows).await?;
        Ok(rows)
    }
}
