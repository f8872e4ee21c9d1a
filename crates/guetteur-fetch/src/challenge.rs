//! Tells a challenge or refusal page, sent with status 200, from the page that was asked for.
//!
//! What such pages say is data: `challenges.toml`.

use std::sync::LazyLock;

use guetteur_model::fold::fold;
use scraper::{ElementRef, Html, Node};
use serde::Deserialize;

/// Challenge pages are small; a larger one is not looked into.
const LARGEST: usize = 256 << 10;
/// Nor do they say much: a longer text is a page about something.
const LONGEST_TEXT: usize = 4_000;

static MARKS: LazyLock<Vec<Mark>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../challenges.toml"))
        .expect("the crate's own table is valid: a test reads it");
    table.mark
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    mark: Vec<Mark>,
}

/// What one vendor's pages show; the file says how each key is compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    by: String,
    #[serde(default)]
    title: Vec<String>,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    markup: Vec<String>,
    #[serde(default = "few_links")]
    links: usize,
}

fn few_links() -> usize {
    3
}

/// Who stands in the way when `html` is a challenge or a refusal and not a page.
pub(crate) fn recognise(html: &str) -> Option<&'static str> {
    if html.len() > LARGEST {
        return None;
    }
    let page = Page::read(html);
    MARKS.iter().find(|mark| page.shows(mark)).map(|mark| mark.by.as_str())
}

/// [`recognise`], aside: what a site sends must not hold up what else the process does.
pub(crate) async fn recognise_aside(html: String) -> Option<&'static str> {
    tokio::task::spawn_blocking(move || recognise(&html)).await.ok().flatten()
}

/// What of a page the marks are looked for in, folded.
#[derive(Default)]
struct Page {
    /// Title and first headings.
    titles: Vec<String>,
    text: String,
    markup: String,
    links: usize,
    links_document: bool,
}

impl Page {
    fn read(html: &str) -> Self {
        let mut page = Self { markup: html.to_ascii_lowercase(), ..Self::default() };
        let document = guetteur_html::parse(html).document;
        for element in document.root_element().descendants().filter_map(ElementRef::wrap) {
            match element.value().name() {
                "title" | "h1" | "h2" if page.titles.len() < 3 => {
                    page.titles.push(words(&element.text().collect::<String>()));
                }
                "a" => page.see_link(element.attr("href").unwrap_or_default()),
                "option" => page.see_link(element.attr("value").unwrap_or_default()),
                _ => {}
            }
        }
        page.text = words(&visible_text(&document));
        page
    }

    fn see_link(&mut self, target: &str) {
        if target.is_empty() || target.starts_with('#') {
            return;
        }
        self.links += 1;
        let target = target.to_ascii_lowercase();
        self.links_document |= target.contains(".pdf") || target.contains("/telechargement/");
    }

    fn shows(&self, mark: &Mark) -> bool {
        if mark.title.iter().any(|title| self.titles.iter().any(|own| own.starts_with(title))) {
            // A list does not open with these words; a page whose site is in its menu may.
            return !self.links_document || self.links <= mark.links;
        }
        !self.links_document
            && self.links <= mark.links
            && self.text.len() <= LONGEST_TEXT
            && (mark.text.iter().any(|text| self.text.contains(text))
                || mark.markup.iter().any(|markup| self.markup.contains(markup)))
    }
}

/// Text of the page and its frames' fall-backs, without scripts and styles.
fn visible_text(document: &Html) -> String {
    let mut text = String::new();
    for node in document.root_element().descendants() {
        let Node::Text(piece) = node.value() else { continue };
        let hidden = node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| matches!(parent.value().name(), "script" | "style" | "template"));
        if !hidden {
            text.push(' ');
            text.push_str(piece);
        }
    }
    text
}

/// Folded, one space between two words, one kind of apostrophe.
fn words(text: &str) -> String {
    fold(&text.replace('’', "'")).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_folded_as_pages_are() {
        for mark in MARKS.iter() {
            assert!(!mark.title.is_empty() || !mark.text.is_empty() || !mark.markup.is_empty());
            for text in mark.text.iter().chain(&mark.title) {
                assert_eq!(words(text), text.trim_end(), "{}", mark.by);
            }
            for markup in &mark.markup {
                assert_eq!(&markup.to_ascii_lowercase(), markup, "{}", mark.by);
            }
        }
    }

    #[test]
    fn challenges_are_told() {
        let pages = [
            (
                "Cloudflare",
                "<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script></body></html>",
            ),
            (
                "Cloudflare",
                "<title>www.ain.gouv.fr</title><h1>www.ain.gouv.fr</h1><p>Vérification de la sécurité de votre connexion avant de continuer.<p>Performance &amp; Security by <a href=https://www.cloudflare.com>Cloudflare</a>",
            ),
            (
                "Imperva Incapsula",
                "<html><head><META NAME=\"robots\"></head><iframe src=\"/_Incapsula_Resource?CWUDNSAI=9\">Request unsuccessful. Incapsula incident ID: 877000050</iframe></html>",
            ),
            (
                "DataDome",
                "<html><head><title>ain.gouv.fr</title></head><body><p>Please enable JS and disable any ad blocker</p><script>var dd={'host':'geo.captcha-delivery.com'}</script></body></html>",
            ),
            (
                "F5",
                "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 12</body></html>",
            ),
            (
                "Akamai",
                "<html><head><title>Erreur</title></head><h1>Erreur</h1>You don't have permission to access \"http://x\" on this server.<p>Reference #18.2</html>",
            ),
            (
                "un pare-feu",
                "<html><head><title>Accès refusé</title></head><body><h1>Accès refusé</h1><p>Votre requête a été bloquée par le pare-feu.</p></body></html>",
            ),
            (
                "un pare-feu",
                "<html><body><p>Votre adresse IP a été bloquée. Contactez <a href=\"mailto:x@y.fr\">l'administrateur</a></p></body></html>",
            ),
            (
                "un captcha",
                "<html><head><title>V&eacute;rification&hellip;</title></head><body><form action=/v><input name=reponse></form></body></html>",
            ),
            (
                "un captcha",
                "<html><body><p>Merci de confirmer que vous n’êtes pas un robot.</p></body></html>",
            ),
            (
                "un captcha",
                "<html><head><title>Préfecture</title></head><body><form><div class=\"h-captcha\" data-sitekey=1></div><button>Continuer</button></form></body></html>",
            ),
            (
                "Anubis",
                "<title>Making sure you&#39;re not a bot!</title><script id=\"anubis_challenge\">{}</script>",
            ),
        ];
        for (by, html) in pages {
            assert_eq!(recognise(html), Some(by), "{html}");
        }
    }

    #[test]
    fn pages_are_left_alone() {
        let menu = "<nav><a href=/a>Actualités</a><a href=/b>Démarches</a><a href=/c>Contact</a><a href=/d>Publications</a></nav>";
        let newsletter = "<form><label>Recopiez le captcha : je ne suis pas un robot</label><div class=\"g-recaptcha\"></div></form>";
        let pages = [
            format!("<title>RAA 2026</title><h1>RAA 2026</h1><a href=\"/c/raa-1.pdf\">RAA n°1</a>{newsletter}"),
            format!("{menu}<h1>Recueils</h1><a href=/r/2026>2026</a>{newsletter}"),
            format!("<h1>Recueils</h1><a href=/r/2026>2026</a><a href=/r/2025>2025</a>{newsletter}"),
            format!("<h1>Recueils</h1><select><option value=r/2026>2026</option><option value=r/2025>2025</option></select>{newsletter}"),
            format!("{menu}<h1>Services de l'État</h1><p>Contenu en cours de rédaction</p><script src=\"/cdn-cgi/challenge-platform/scripts/jsd/main.js\"></script>"),
            format!("{menu}<h1>Recueil</h1><p>Arrêté portant refus d'accès : accès interdit au massif</p>"),
            "<h1>Recueil</h1><p>Aucun document pour ce mois.</p>".to_owned(),
            "<html><head><title>Erreur</title></head><body><h1>Document indisponible</h1></body></html>".to_owned(),
            "<html><body><h1>Service indisponible</h1><p>Maintenance en cours, revenez plus tard.</p></body></html>".to_owned(),
            String::new(),
        ];
        for html in pages {
            assert_eq!(recognise(&html), None, "{html}");
        }
    }
}
