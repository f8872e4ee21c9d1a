//! Pages of a site kept on disk: an index and a file a page.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use guetteur_model::{Failure, FailureKind};
use guetteur_sources::{KeptPage, PageResponse, PageSource};
use url::Url;

const INDEX: &str = "pages.json";

/// Writes the pages of one site into a folder of its own.
pub(super) fn write(folder: &Path, pages: &[KeptPage]) -> Result<()> {
    let told = |what: &str| format!("{what} dans {}", folder.display());
    std::fs::create_dir_all(folder).with_context(|| told("création du dossier"))?;
    let index = serde_json::to_string_pretty(pages)?;
    std::fs::write(folder.join(INDEX), index).with_context(|| told("écriture de l’index"))?;
    for (number, page) in pages.iter().enumerate() {
        std::fs::write(file_of(folder, number), &page.html)
            .with_context(|| told("écriture d’une page"))?;
    }
    Ok(())
}

/// Reads what [`write()`] wrote.
pub(super) fn read(folder: &Path) -> Result<Vec<KeptPage>> {
    let index = folder.join(INDEX);
    let text = std::fs::read_to_string(&index).with_context(|| {
        format!("lecture de {} (`guetteur sources check CODE --save DIR` l’écrit)", index.display())
    })?;
    let mut pages: Vec<KeptPage> =
        serde_json::from_str(&text).with_context(|| format!("{} illisible", index.display()))?;
    for (number, page) in pages.iter_mut().enumerate() {
        let file = file_of(folder, number);
        page.html = std::fs::read_to_string(&file)
            .with_context(|| format!("lecture de {}", file.display()))?;
    }
    Ok(pages)
}

fn file_of(folder: &Path, number: usize) -> std::path::PathBuf {
    folder.join(format!("{number:03}.html"))
}

/// Kept pages, asked for again.
pub(super) struct Bundle(HashMap<Url, KeptPage>);

impl Bundle {
    pub(super) fn of(pages: &[KeptPage]) -> Self {
        Self(pages.iter().map(|page| (page.asked.clone(), page.clone())).collect())
    }
}

#[async_trait]
impl PageSource for Bundle {
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure> {
        let page = self.0.get(url);
        let page = page.ok_or_else(|| Failure::new(FailureKind::Other, "page non gardée"))?;
        Ok(PageResponse {
            url: page.url.clone(),
            status: page.status,
            content_type: page.content_type.clone(),
            html: page.html.clone(),
            encoding: guetteur_html::UTF_8,
        })
    }

    async fn post_form(&self, _url: &Url, _form: &str) -> Result<PageResponse, Failure> {
        Err(Failure::new(FailureKind::Other, "formulaire non gardé"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pages_come_back_as_they_were_kept() {
        let folder = tempfile::tempdir().expect("folder");
        let url: Url = "https://www.ain.gouv.fr/RAA".parse().expect("url");
        let page = KeptPage {
            asked: url.clone(),
            url: url.join("/RAA/2026").expect("url"),
            status: 200,
            content_type: Some("text/html".to_owned()),
            html: "<h1>août</h1>".to_owned(),
        };
        let kept = vec![page.clone(), KeptPage { status: 404, html: String::new(), ..page }];
        write(&folder.path().join("01"), &kept).expect("written");
        assert_eq!(read(&folder.path().join("01")).expect("read"), kept);
        let bundle = Bundle::of(&kept[..1]);
        assert_eq!(bundle.get(&url).await.expect("page").html, "<h1>août</h1>");
        assert!(bundle.get(&kept[0].url).await.is_err());
        assert!(read(folder.path()).is_err(), "no index");
    }
}
