//! An archive in an S3-compatible store, under the names that the folder has (`ab/cd/abcd….pdf`).
//!
//! Credentials, endpoint and region come from the variables that every tool for such stores knows
//! (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`…).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use futures::TryStreamExt;
use guetteur_model::Sha256;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, RetryConfig, WriteMultipart,
};
use sha2::Digest;

use crate::error::deepest;
use crate::folder::{MARK, key};
use crate::{
    ArchiveError, Listed, Listing, Location, Soundness, StoreSettings, StoreTrouble, UnprovenPdf,
};

/// Larger documents go up in parts of this size, the least that S3 takes: a cut costs one part, a slow line
/// carries it in time, and memory holds few.
const PART: usize = 5 << 20;
/// Parts under way at once.
const PARTS: usize = 2;
/// Next bytes of an answer that take longer are asked for again.
const SILENCE: Duration = Duration::from_secs(60);
/// The same of what goes up, counted from its first byte to the answer: a part at 140 kilobits a second.
const SENDING: Duration = Duration::from_mins(5);
const CONNECT: Duration = Duration::from_secs(5);
/// A store that restarts is waited for; one that is down must not hold a worker for minutes.
const RETRY_FOR: Duration = Duration::from_secs(20);
const RETRIES: usize = 5;

const PDF: &str = "application/pdf";

/// A bucket and what its names begin with.
#[derive(Debug)]
pub(crate) struct Objects {
    store: AmazonS3,
    /// The same for what goes up, which says nothing while it is on its way.
    sending: AmazonS3,
    bucket: String,
    prefix: Path,
}

impl Objects {
    /// Asks the store for nothing yet.
    pub(crate) fn open(
        bucket: &str,
        prefix: &str,
        settings: &StoreSettings,
    ) -> Result<Self, ArchiveError> {
        let wrong = |why: String| ArchiveError::Address {
            given: Location::Store { bucket: bucket.to_owned(), prefix: prefix.to_owned() }
                .to_string(),
            why,
        };
        // reqwest has no TLS provider of its own here; a second installation changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            |silence| client(bucket, settings, silence).map_err(|error| wrong(deepest(&error)));
        let (store, sending) = (client(SILENCE)?, client(SENDING)?);
        let prefix = Path::parse(prefix).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { store, sending, bucket: bucket.to_owned(), prefix })
    }

    fn at(&self, name: &str) -> Path {
        self.prefix.parts().chain(Path::from(name).parts()).collect()
    }

    fn address_of(&self, path: &Path) -> String {
        format!("s3://{}/{path}", self.bucket)
    }

    fn failed(
        &self,
        action: &'static str,
        path: &Path,
        error: &object_store::Error,
    ) -> ArchiveError {
        ArchiveError::Store {
            address: self.address_of(path),
            action,
            trouble: StoreTrouble::of(error),
            why: deepest(error),
        }
    }

    /// The size of a document in bytes, if it is there.
    pub(crate) async fn size(&self, sha256: Sha256) -> Result<Option<u64>, ArchiveError> {
        let path = self.at(&key(sha256));
        match self.store.head(&path).await {
            Ok(about) => Ok(Some(about.size)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.failed("looking for", &path, &error)),
        }
    }

    /// Reads the document without keeping it.
    pub(crate) async fn soundness(&self, sha256: Sha256) -> Result<Soundness, ArchiveError> {
        match self.read(sha256, &mut std::io::sink(), "".as_ref()).await {
            Ok(()) => Ok(Soundness::Sound),
            Err(UnprovenPdf::Missing { .. }) => Ok(Soundness::Missing),
            Err(UnprovenPdf::Altered { .. }) => Ok(Soundness::Altered),
            Err(UnprovenPdf::Unreadable(error)) => Err(error),
        }
    }

    /// Writes the document to `out`, which lies in `folder`, as it comes; what is there counts only when
    /// this is `Ok`.
    pub(crate) async fn read(
        &self,
        sha256: Sha256,
        out: &mut (dyn Write + Send),
        folder: &std::path::Path,
    ) -> Result<(), UnprovenPdf> {
        let path = self.at(&key(sha256));
        let place = || self.address_of(&path);
        let failed = |error| UnprovenPdf::from(self.failed("reading", &path, &error));
        let got = match self.store.get(&path).await {
            Ok(got) => got,
            Err(error) if is_missing(&error) => {
                return Err(UnprovenPdf::Missing { place: place() });
            }
            Err(error) => return Err(failed(error)),
        };
        let (mut chunks, mut hash) = (got.into_stream(), sha2::Sha256::new());
        while let Some(chunk) = chunks.try_next().await.map_err(failed)? {
            hash.update(&chunk);
            out.write_all(&chunk).map_err(ArchiveError::folder(folder, "writing"))?;
        }
        let found = Sha256::from_bytes(hash.finalize().into());
        if found != sha256 {
            return Err(UnprovenPdf::Altered { place: place(), found });
        }
        Ok(())
    }

    /// Puts the document there, in place of whatever has its name.
    pub(crate) async fn put(
        &self,
        sha256: Sha256,
        file: &mut File,
        size: u64,
    ) -> Result<(), ArchiveError> {
        self.put_named(&key(sha256), PDF, file, size).await
    }

    /// Puts a file there, in place of whatever has its name.
    pub(crate) async fn put_named(
        &self,
        name: &str,
        content_type: &'static str,
        file: &mut File,
        size: u64,
    ) -> Result<(), ArchiveError> {
        let path = self.at(name);
        let reading =
            |source| ArchiveError::Folder { path: name.into(), action: "reading", source };
        file.seek(SeekFrom::Start(0)).map_err(reading)?;
        let attributes = Attributes::from_iter([(Attribute::ContentType, content_type)]);
        if size <= PART as u64 {
            let mut bytes = Vec::with_capacity(size as usize);
            file.read_to_end(&mut bytes).map_err(reading)?;
            let options = PutOptions { attributes, ..PutOptions::default() };
            let put = self.sending.put_opts(&path, PutPayload::from(bytes), options).await;
            return put.map(drop).map_err(|error| self.failed("writing", &path, &error));
        }
        let options = PutMultipartOptions { attributes, ..PutMultipartOptions::default() };
        let upload = self.sending.put_multipart_opts(&path, options).await;
        let upload = upload.map_err(|error| self.failed("writing", &path, &error))?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut part = vec![0; PART];
        loop {
            let read = file.read(&mut part).map_err(reading)?;
            if read == 0 {
                break;
            }
            if let Err(error) = upload.wait_for_capacity(PARTS).await {
                // What was sent must not lie there unseen; the store may be gone altogether.
                let _ = upload.abort().await;
                return Err(self.failed("writing", &path, &error));
            }
            upload.write(&part[..read]);
        }
        upload.finish().await.map(drop).map_err(|error| self.failed("writing", &path, &error))
    }

    /// A small text that lies beside the documents.
    pub(crate) async fn text(&self, name: &str) -> Result<Option<String>, ArchiveError> {
        let path = self.at(name);
        let failed = |error| self.failed("reading", &path, &error);
        let got = match self.store.get(&path).await {
            Ok(got) => got.bytes().await.map_err(failed)?,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        Ok(Some(String::from_utf8_lossy(&got).into_owned()))
    }

    pub(crate) async fn set_text(&self, name: &str, text: String) -> Result<(), ArchiveError> {
        let path = self.at(name);
        let put = self.store.put(&path, PutPayload::from(text)).await;
        put.map(drop).map_err(|error| self.failed("writing", &path, &error))
    }

    /// Writes what has a name to `out`, as it comes. Gives whether it is there.
    pub(crate) async fn get_named(
        &self,
        name: &str,
        out: &mut (dyn Write + Send),
        folder: &std::path::Path,
    ) -> Result<bool, ArchiveError> {
        let path = self.at(name);
        let failed = |error| self.failed("reading", &path, &error);
        let got = match self.store.get(&path).await {
            Ok(got) => got,
            Err(error) if is_missing(&error) => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        let mut chunks = got.into_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(failed)? {
            out.write_all(&chunk).map_err(ArchiveError::folder(folder, "writing"))?;
        }
        Ok(true)
    }

    /// What lies under names that begin with `under` and a slash.
    pub(crate) async fn list_named(&self, under: &str) -> Result<Vec<Listed>, ArchiveError> {
        let place = self.at(under);
        let failed = |error| self.failed("listing", &place, &error);
        let mut listed = Vec::new();
        let mut objects = self.store.list(Some(&place));
        while let Some(object) = objects.try_next().await.map_err(failed)? {
            let name = object.location.prefix_match(&self.prefix).map(Path::from_iter);
            listed.extend(name.map(|name: Path| Listed {
                name: name.to_string(),
                bytes: object.size,
                put_at: object.last_modified.into(),
            }));
        }
        Ok(listed)
    }

    pub(crate) async fn remove(&self, name: &str) -> Result<(), ArchiveError> {
        let path = self.at(name);
        match self.store.delete(&path).await {
            Err(error) if !is_missing(&error) => Err(self.failed("removing", &path, &error)),
            _ => Ok(()),
        }
    }

    pub(crate) async fn documents(&self) -> Result<Listing, ArchiveError> {
        let mut listing = Listing::default();
        let mut objects = self.store.list(Some(&self.prefix));
        let failed = |error| self.failed("listing", &self.prefix, &error);
        while let Some(object) = objects.try_next().await.map_err(failed)? {
            if object.location == self.at(MARK) {
                continue;
            }
            let name = object.location.filename().and_then(|name| name.strip_suffix(".pdf"));
            let name: Option<Sha256> = name.and_then(|name| name.parse().ok());
            match name.filter(|name| self.at(&key(*name)) == object.location) {
                Some(name) => listing.documents.push(name),
                None => listing.strangers += 1,
            }
        }
        Ok(listing)
    }
}

/// A client that waits so long for the next sign of life.
fn client(
    bucket: &str,
    settings: &StoreSettings,
    silence: Duration,
) -> Result<AmazonS3, object_store::Error> {
    let options = ClientOptions::default()
        .with_connect_timeout(CONNECT)
        // Large documents over slow lines take their time; silence does not.
        .with_timeout_disabled()
        .with_read_timeout(silence);
    let mut builder = AmazonS3Builder::new().with_client_options(options);
    for (name, value) in settings.iter() {
        if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    // Whoever names a plain address wants it: a store on this machine or in its network.
    if settings.endpoint().is_some_and(|endpoint| endpoint.starts_with("http://")) {
        builder = builder.with_allow_http(true);
    }
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
            base: 2.,
        },
        max_retries: RETRIES,
        retry_timeout: RETRY_FOR,
    };
    builder.with_bucket_name(bucket).with_retry(retry).build()
}

/// Not there. A bucket that is not there is an error.
fn is_missing(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { .. })
        && StoreTrouble::of(error) != StoreTrouble::NoBucket
}
