//! Simulated sites: a request in, an answer out, without sockets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::fault::Fault;
use super::markup::Markup;
use super::render::render;
use super::spec::{PageSpec, SiteSpec};

/// Why simulated sites could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder or a file could not be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// File or folder.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is no description of a site.
    #[error("{file} does not describe a site: {source}")]
    Parse {
        /// File.
        file: String,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// A request to a simulated site.
#[derive(Debug, Clone)]
pub struct SiteRequest {
    /// `GET`, `HEAD` or `POST`.
    pub method: String,
    /// As the real site would see it: `https://HOST/PATH`.
    pub url: Url,
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// A posted form.
    pub form: Vec<(String, String)>,
}

impl SiteRequest {
    /// A plain `GET`.
    #[must_use]
    pub fn get(url: &Url) -> Self {
        Self {
            method: "GET".to_owned(),
            url: url.clone(),
            headers: BTreeMap::new(),
            form: Vec::new(),
        }
    }
}

/// An answer of a simulated site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAnswer {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case; several cookies may be set.
    pub headers: Vec<(String, String)>,
    /// Bytes that are sent.
    pub body: Vec<u8>,
    /// What `content-length` claims, when it lies.
    pub claimed_length: Option<usize>,
    /// The pause between two bytes of the body, when it comes slowly.
    pub pace: Option<Duration>,
}

impl SiteAnswer {
    fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
            claimed_length: None,
            pace: None,
        }
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn redirect(to: &str) -> Self {
        let mut answer = Self::new(302, "text/html; charset=utf-8", "");
        answer.headers.push(("location".to_owned(), to.to_owned()));
        answer
    }
}

/// Gives the bytes of a PDF by its address.
pub type PdfSource = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Simulated sites by host, with faults and a log of requests.
#[derive(Clone)]
pub struct SiteSet {
    sites: Arc<Vec<SiteSpec>>,
    markup: Markup,
    filler: bool,
    pdfs: Option<PdfSource>,
    faults: Arc<Mutex<BTreeMap<String, Fault>>>,
    log: Arc<Mutex<Vec<String>>>,
}

impl SiteSet {
    /// These sites.
    #[must_use]
    pub fn new(sites: Vec<SiteSpec>) -> Self {
        Self {
            sites: Arc::new(sites),
            markup: Markup::default(),
            filler: false,
            pdfs: None,
            faults: Arc::default(),
            log: Arc::default(),
        }
    }

    /// The sites described by the `.json` files of a folder, in the order of their names.
    ///
    /// # Errors
    /// When a file cannot be read or describes no site; unknown keys are refused.
    pub fn load(folder: &Path) -> Result<Self, SiteError> {
        let read =
            |path: &Path, source| SiteError::Read { file: path.display().to_string(), source };
        let entries = std::fs::read_dir(folder).map_err(|e| read(folder, e))?;
        let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        let mut sites = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).map_err(|e| read(&file, e))?;
            let site = serde_json::from_str(&text)
                .map_err(|source| SiteError::Parse { file: file.display().to_string(), source })?;
            sites.push(site);
        }
        Ok(Self::new(sites))
    }

    /// The same sites written by another hand.
    #[must_use]
    pub fn with_markup(mut self, markup: Markup) -> Self {
        self.markup = markup;
        self
    }

    /// Answers an unrelated page instead of 404 where nothing is described.
    #[must_use]
    pub fn with_filler(mut self) -> Self {
        self.filler = true;
        self
    }

    /// Serves these bytes for the addresses that are no page.
    #[must_use]
    pub fn with_pdfs(mut self, pdfs: PdfSource) -> Self {
        self.pdfs = Some(pdfs);
        self
    }

    /// The descriptions.
    #[must_use]
    pub fn sites(&self) -> &[SiteSpec] {
        &self.sites
    }

    /// From now on, requests for this address meet a fault; `None` ends it.
    pub fn set_fault(&self, url: &str, fault: Option<Fault>) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let key = url.parse().map_or_else(|_| url.to_owned(), |url: Url| key(&url));
        match fault {
            Some(fault) => faults.insert(key, fault),
            None => faults.remove(&key),
        };
    }

    /// Method and address of every request so far.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Answers a request.
    #[must_use]
    pub fn answer(&self, request: &SiteRequest) -> SiteAnswer {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(format!("{} {}", request.method, request.url));
        let fault = self
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key(&request.url))
            .cloned();
        let answer = || conditional(request, self.plain_answer(request));
        match fault {
            Some(fault) => fault.spoil(&request.url, answer),
            None => answer(),
        }
    }

    fn plain_answer(&self, request: &SiteRequest) -> SiteAnswer {
        if request.url.path() == "/robots.txt" {
            return SiteAnswer::new(200, "text/plain", "User-agent: *\nDisallow: /recherche\n");
        }
        let host = request.url.host_str().unwrap_or_default();
        let sites: Vec<&SiteSpec> =
            self.sites.iter().filter(|site| host_of(&site.base) == host).collect();
        if sites.is_empty() {
            return SiteAnswer::new(
                404,
                "text/html; charset=utf-8",
                "<html><body>Hôte inconnu</body></html>",
            );
        }
        if request.method == "POST" {
            return posted(sites[0], request);
        }
        let wanted = key(&request.url);
        for site in &sites {
            for page in &site.pages {
                if page_key(site, &page.path) == wanted {
                    return self.page(site, page, request);
                }
                if page.redirect_from.iter().any(|from| page_key(site, from) == wanted) {
                    return SiteAnswer::redirect(&page_url(site, &page.path));
                }
            }
        }
        self.file_or_nothing(request)
    }

    fn page(&self, site: &SiteSpec, page: &PageSpec, request: &SiteRequest) -> SiteAnswer {
        let cookies = request.headers.get("cookie").map_or("", String::as_str);
        if page.requires_cookie.as_ref().is_some_and(|name| !cookies.contains(&format!("{name}=")))
        {
            return SiteAnswer::new(200, "text/html; charset=utf-8", UNRELATED);
        }
        let mut answer =
            SiteAnswer::new(200, "text/html; charset=utf-8", render(site, page, self.markup));
        for name in &page.sets_cookie {
            answer.headers.push(("set-cookie".to_owned(), format!("{name}=1; path=/")));
        }
        answer.headers.push(("etag".to_owned(), format!("\"{:016x}\"", fingerprint(&answer.body))));
        answer
    }

    fn file_or_nothing(&self, request: &SiteRequest) -> SiteAnswer {
        let pdf = self.pdfs.as_ref().and_then(|pdfs| pdfs(request.url.as_str()));
        if let Some(bytes) = pdf {
            let mut answer = SiteAnswer::new(200, "application/pdf", bytes);
            answer
                .headers
                .push(("etag".to_owned(), format!("\"{:016x}\"", fingerprint(&answer.body))));
            answer
                .headers
                .push(("last-modified".to_owned(), "Fri, 14 Aug 2026 06:00:00 GMT".to_owned()));
            return answer;
        }
        if self.filler {
            return SiteAnswer::new(200, "text/html; charset=utf-8", FILLER);
        }
        SiteAnswer::new(
            404,
            "text/html; charset=utf-8",
            "<html><body><h1>Page introuvable</h1></body></html>",
        )
    }
}

/// What an old CMS shows to who has no session.
const UNRELATED: &str = "<html><head><title>Médecins agréés</title></head><body><h1>Médecins agréés</h1>\
    <table><tr><td>Liste des médecins agréés</td><td>01/07/2026</td><td><a href=\"/index.php?dims_op=doc_file_download&amp;docfile_md5id=0\">\
    Liste des médecins agréés 2026</a></td></tr></table></body></html>";
const FILLER: &str = "<html><head><title>Services de l'État</title></head><body><main><h1>Contenu en cours de rédaction</h1>\
    <p>Publié le 03/08/2026</p><a href=\"/Actualites\">Toutes les actualités</a></main></body></html>";

/// A posted select redirects to its value, taken from the site's root.
fn posted(site: &SiteSpec, request: &SiteRequest) -> SiteAnswer {
    match request.form.first() {
        Some((_, value)) => {
            SiteAnswer::redirect(&page_url(site, &format!("/{}", value.trim_start_matches('/'))))
        }
        None => SiteAnswer::new(400, "text/html; charset=utf-8", ""),
    }
}

/// 304 when the client already has it.
fn conditional(request: &SiteRequest, answer: SiteAnswer) -> SiteAnswer {
    let known = request.headers.get("if-none-match").map(String::as_str);
    let since = request.headers.get("if-modified-since").map(String::as_str);
    let same = known.is_some() && known == answer.header("etag")
        || known.is_none() && since.is_some() && since == answer.header("last-modified");
    if answer.status == 200 && same {
        return SiteAnswer { status: 304, body: Vec::new(), ..answer };
    }
    answer
}

fn host_of(base: &str) -> &str {
    base.split("://").nth(1).unwrap_or(base).trim_end_matches('/')
}

fn page_url(site: &SiteSpec, path: &str) -> String {
    format!("{}{path}", site.base).parse::<Url>().map_or_else(|_| path.to_owned(), String::from)
}

fn page_key(site: &SiteSpec, path: &str) -> String {
    format!("{}{path}", site.base).parse().map_or_else(|_| path.to_owned(), |url: Url| key(&url))
}

/// Host, path and query, decoded, so that every spelling of an address is one.
fn key(url: &Url) -> String {
    let text = format!(
        "{}{}?{}",
        url.host_str().unwrap_or_default(),
        url.path(),
        url.query().unwrap_or_default()
    );
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// FNV-1a: enough to tell two versions of a page apart.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
