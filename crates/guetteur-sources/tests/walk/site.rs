//! A simulated site as a source of pages, without sockets.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use async_trait::async_trait;
use guetteur_model::{Failure, FailureKind, Source};
use guetteur_sources::{PageResponse, PageSource, Registry};
use guetteur_testkit::sites::{SiteRequest, SiteSet, SiteSpec};
use url::Url;

/// The folder of fixtures with this name.
pub(crate) fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder)
}

/// Simulated sites with redirects followed and cookies kept.
pub(crate) struct Pages {
    pub(crate) sites: SiteSet,
    cookies: Mutex<Vec<String>>,
}

impl Pages {
    pub(crate) fn new(sites: SiteSet) -> Self {
        Self { sites, cookies: Mutex::default() }
    }

    fn ask(
        &self,
        method: &str,
        url: &Url,
        form: &[(String, String)],
    ) -> Result<PageResponse, Failure> {
        let (mut url, mut method, mut form) = (url.clone(), method, form);
        for _ in 0..10 {
            let mut cookies = self.cookies.lock().expect("cookies");
            let headers = BTreeMap::from([("cookie".to_owned(), cookies.join("; "))]);
            let request = SiteRequest {
                method: method.to_owned(),
                url: url.clone(),
                headers,
                form: form.to_vec(),
            };
            let answer = self.sites.answer(&request);
            for (name, value) in &answer.headers {
                if name == "set-cookie" {
                    cookies.push(value.split(';').next().unwrap_or_default().to_owned());
                }
            }
            if let Some(location) = answer.header("location") {
                url = url.join(location).map_err(|e| Failure::new(FailureKind::Other, e))?;
                (method, form) = ("GET", &[]);
                continue;
            }
            let content_type = answer.header("content-type").map(str::to_owned);
            let (html, encoding) =
                guetteur_html::decode(&answer.body, content_type.as_deref().unwrap_or_default());
            return Ok(PageResponse { url, status: answer.status, content_type, html, encoding });
        }
        Err(FailureKind::Astray.into())
    }
}

#[async_trait]
impl PageSource for Pages {
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure> {
        self.ask("GET", url, &[])
    }

    async fn post_form(&self, url: &Url, form: &str) -> Result<PageResponse, Failure> {
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        self.ask("POST", url, &fields)
    }
}

/// The registry's entry for a described site; synthetic sites borrow the code of a real source and
/// bring their own root.
pub(crate) fn source_of(site: &SiteSpec) -> Source {
    let mut source =
        Registry::builtin().and_then(|registry| registry.get(&site.code).cloned()).expect("source");
    let root = format!("{}{}", site.base, site.root);
    if source.roots != [root.clone()] {
        source.roots = vec![root];
        source.hint = source.hint.filter(|_| site.base.contains("prefecturedepolice"));
    }
    source
}
