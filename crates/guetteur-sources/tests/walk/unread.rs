//! Bulletins in formats that are not read are left out with a word, whatever leads to them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use guetteur_model::{Failure, LeftOut, LeftOutReason};
use guetteur_sources::{
    DiscoverOptions, Discovery, KnownGround, PageResponse, PageSource, discover,
};
use guetteur_testkit::sites::{SiteSet, SiteSpec};
use url::Url;

use crate::shapes::{day, walk};
use crate::site::{fixtures, source_of};

const SITE: &str = "https://www.herault.gouv.fr";
const ROOT: &str = "/Publications/RAA";

/// Pages by path: what else is asked for is a file of the type that its name says.
struct Small(BTreeMap<&'static str, String>);

#[async_trait]
impl PageSource for Small {
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure> {
        let path = url.as_str().trim_start_matches(SITE).to_owned();
        let kind = match path.as_str() {
            "/get.aspx?id=36" => "application/x-7z-compressed",
            "/get.aspx?id=37" => "application/msword; charset=binary",
            _ => "text/html",
        };
        Ok(PageResponse {
            url: url.clone(),
            status: if kind == "text/html" && !self.0.contains_key(path.as_str()) {
                404
            } else {
                200
            },
            content_type: Some(kind.to_owned()),
            html: self.0.get(path.as_str()).cloned().unwrap_or_default(),
            encoding: guetteur_html::UTF_8,
        })
    }

    async fn post_form(&self, url: &Url, _: &str) -> Result<PageResponse, Failure> {
        self.get(url).await
    }
}

fn site() -> SiteSpec {
    let sites = SiteSet::load(&fixtures("sites")).expect("sites");
    let mut spec = sites.sites().iter().find(|site| site.code == "34").expect("34").clone();
    (spec.base, spec.root) = (SITE.to_owned(), ROOT.to_owned());
    spec
}

fn card(path: &str, label: &str) -> String {
    format!("<div class=fr-card><h3 class=fr-card__title><a href='{path}'>{label}</a></h3></div>")
}

/// Walks a site whose root leads to 2026, which leads to August, which shows `month`; the bulletin's
/// own page `/n9` shows `own`.
fn found(month: &str, own: &str) -> Discovery {
    let page = |title: &str, body: &str| {
        format!(
            "<html><title>{title}</title><body><main><h1>{title}</h1>{body}</main></body></html>"
        )
    };
    let pages = Small(BTreeMap::from([
        (ROOT, page("Recueil des actes administratifs", &card("/Publications/RAA/2026", "2026"))),
        ("/Publications/RAA/2026", page("2026", &card("/Publications/RAA/2026/Aout", "Août 2026"))),
        ("/Publications/RAA/2026/Aout", page("Août 2026", month)),
        ("/Publications/RAA/2026/Aout/n9", page("Recueil n° 9 du 3 août 2026", own)),
    ]));
    let nothing = KnownGround::default();
    let options = DiscoverOptions::full(day("2026-08-20"), &nothing);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    runtime.block_on(discover(&source_of(&site()), &options, &pages)).expect("walk")
}

fn left_out(found: &Discovery) -> Vec<(&str, LeftOutReason)> {
    let documents = found.left_out.iter();
    documents.map(|LeftOut { url, reason, .. }| (url.trim_start_matches(SITE), *reason)).collect()
}

#[test]
fn bulletins_in_other_formats_are_told() {
    let other = LeftOutReason::OtherFormat;
    let pdf = "<p><a href=/f/raa-1.pdf>Recueil n° 1 du 1 août 2026</a></p>";
    let own_page = card("/Publications/RAA/2026/Aout/n9", "Recueil n° 9 du 3 août 2026");
    // (what it is, what the month shows, what the bulletin's own page shows, what is told)
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, LeftOutReason)]);
    let cases: [Case<'_>; 9] = [
        (
            "an archive",
            "<a href=/f/raa.zip>Recueil n° 2 du 3 août 2026</a>",
            "",
            &[("/f/raa.zip", other)],
        ),
        (
            "by its words",
            "<a href=/contenu/telechargement/1/2>RAA n° 3 ZIP - 3 Mo</a>",
            "",
            &[("/contenu/telechargement/1/2", other)],
        ),
        (
            "by its download",
            "<a href=/dl?id=4 download='RAA4.odt'>RAA n° 4</a>",
            "",
            &[("/dl?id=4", other)],
        ),
        (
            "by its answer",
            "<a href='/get.aspx?id=36'>Recueil n° 5 du 4 août 2026</a>",
            "",
            &[("/get.aspx?id=36", other)],
        ),
        (
            "by its answer",
            "<a href='/get.aspx?id=37'>RAA n° 6 du 4 août 2026</a>",
            "",
            &[("/get.aspx?id=37", other)],
        ),
        (
            "a button",
            "<button data-href=/f/raa7.rar>RAA n° 7</button>",
            "",
            &[("/f/raa7.rar", other)],
        ),
        ("own page", &own_page, "<a href=/f/n9.docx>Télécharger</a>", &[("/f/n9.docx", other)]),
        (
            "a guide, and a picture",
            "<a href=/f/g.docx>Guide de l'usager</a><a href=/f/p.jpg>Recueil n° 8</a>",
            "",
            &[("/f/g.docx", LeftOutReason::OtherDocument)],
        ),
        (
            "companions of a PDF",
            "<a href=/f/raa-1.odt>Version texte</a><a href=/f/q.zip>Recueil n° 1 du 1 août 2026</a>",
            "",
            &[],
        ),
    ];
    for (what, month, own, told) in cases {
        let found = found(&format!("{pdf}<p>{month}</p>"), own);
        assert_eq!(left_out(&found), told, "{what}");
        assert_eq!(found.bulletins.len(), 1, "{what}: {:?}", found.bulletins);
        assert_eq!(found.failures, [], "{what}");
    }
}

/// A month of acts, one a file: all of them count, whatever they are called.
#[test]
fn acts_in_other_formats_are_told() {
    let month = "<a href=/f/1.docx>Arrêté jury taxi</a><a href=/f/2.7z>260814 AP</a>\
                 <a href=/f/3.doc>Guide de l'usager</a>";
    let found = found(month, "");
    let told = [
        ("/f/1.docx", LeftOutReason::OtherFormat),
        ("/f/2.7z", LeftOutReason::OtherFormat),
        ("/f/3.doc", LeftOutReason::OtherDocument),
    ];
    assert_eq!(left_out(&found), told);
}

/// Where nothing announces a bulletin, forms and tables are none; and what is offered as a PDF too
/// is not lost.
#[test]
fn other_files_of_a_site_are_not_told() {
    let nothing = KnownGround::default();
    let mut told = Vec::new();
    for folder in ["sites", "sites-synthetic"] {
        let sites = SiteSet::load(&fixtures(folder)).expect("sites");
        for site in sites.sites() {
            let found = walk(&sites, site, &DiscoverOptions::full(day(&site.observed), &nothing));
            let unread = left_out(&found).into_iter();
            let unread = unread.filter(|(_, reason)| *reason == LeftOutReason::OtherFormat);
            told.extend(unread.map(|(url, _)| url.to_owned()));
        }
    }
    // « RAA tableau 2026 »: it says that it is a RAA.
    assert_eq!(
        told,
        ["https://www.charente.gouv.fr/contenu/telechargement/9/90/file/tableau.xlsx"]
    );
}
