//! A small site over a real store and a real index, with acts whose truth is known.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use guetteur_archive::Archive;
use guetteur_model::{
    Act, ActId, ActPage, ActReference, Basis, BulletinId, BulletinLink, Category, Change, Commune,
    Facts, Failure, FailureKind, FileTimes, FixedClock, Flag, LegalDoubt, LegalDoubtKind, Level,
    Method, Page, PageSpan, Purpose, Region, Sha256, Source, SourceKind, Span, Stage, Trace,
    TracedPage, When,
};
use guetteur_publish::indexing::index_change;
use guetteur_publish::letters::Letters;
use guetteur_publish::{Catalogue, Site as SiteAddress};
use guetteur_search::{IndexChange, SearchIndex};
use guetteur_store::{
    ActIdentity, AnalysedAct, ClaimedBulletin, FetchRecord, OcrRank, PassKind, PassOutcome,
    ReadRecord, Recheck, Rechecked, SourceFailure, Store,
};
use guetteur_web::{
    AppState, FactSheet, KeptDatabase, Measure, PagePictures, PageReader, PlacedWord, PlacedWords,
    RuleSheet, SiteConfig, router,
};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// The present of the tests: noon in Paris, 14 August 2026.
pub(crate) const NOW: &str = "2026-08-14T10:00:00Z";
/// A title that is mark-up and formula at once.
pub(crate) const EVIL: &str = "=HYPERLINK(\"http://evil.example\";\"x\") <script>alert(1)</script> \"onmouseover=\"a\" ;\nfin";

/// The site, with what keeps it alive.
pub(crate) struct Site {
    pub(crate) state: AppState,
    pub(crate) router: Router,
    folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("header"))
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().expect("instant")
}

impl Site {
    /// Five sources in five states, three bulletins, seven acts.
    pub(crate) async fn sample() -> Self {
        let site = Self::empty().await;
        for bulletin in bulletins() {
            site.publish(&bulletin).await;
        }
        site.passes().await;
        site.index().await;
        site
    }

    /// No act at all.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("guetteur.sqlite").to_string_lossy())
            .await
            .expect("store");
        let index = SearchIndex::open(&folder.path().join("index")).expect("index");
        let archive = Archive::open(folder.path().join("archive")).expect("archive");
        let state = AppState {
            catalogue: Catalogue {
                store,
                index: Arc::new(index),
                archive,
                registry: Arc::new(registry()),
                site: Arc::new(SiteAddress {
                    base_url: "https://guetteur.example".into(),
                    ..SiteAddress::default()
                }),
                clock: Arc::new(FixedClock(now())),
            },
            pictures: Arc::new(PagePictures::new(
                Box::new(Blank),
                folder.path().join("pages"),
                1_000_000,
            )),
            letters: Arc::new(Letters::built_in()),
            figures: Arc::default(),
            feeds: Arc::default(),
            database: Arc::new(KeptDatabase::new(folder.path().join("exports"))),
            ends: Arc::default(),
            missing: Arc::default(),
            counts: Arc::default(),
            rules: Arc::new(rules()),
            facts: Arc::new(vec![FactSheet {
                label: "Lieu".into(),
                measure: Measure { given: 5, right: 4, labelled: 9 },
            }]),
            site: Arc::new(SiteConfig {
                contact: Some("veille@guetteur.example".into()),
                operator: Some("l’association de test".into()),
                ..SiteConfig::default()
            }),
        };
        Self { router: router(state.clone()), state, folder }
    }

    /// The same site as its operator set it up otherwise.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut SiteConfig)) {
        let mut chosen = (*self.state.site).clone();
        change(&mut chosen);
        self.state.site = Arc::new(chosen);
        self.router = router(self.state.clone());
    }

    /// The same site with a hub.
    pub(crate) fn with_hub(&mut self, hub: &str) {
        let site =
            SiteAddress { hub: Some(hub.to_owned()), ..(*self.state.catalogue.site).clone() };
        self.state.catalogue.site = Arc::new(site);
        self.router = router(self.state.clone());
    }

    /// The same site after a start, with these figures.
    pub(crate) fn begin_figures(&mut self, book: guetteur_web::FigureBook) {
        self.state.figures = Arc::new(book);
        self.router = router(self.state.clone());
    }

    /// The same site at another time.
    pub(crate) fn at(&mut self, at: DateTime<Utc>) {
        self.state.catalogue.clock = Arc::new(FixedClock(at));
        self.router = router(self.state.clone());
    }

    /// Where the site keeps `guetteur.sqlite`.
    pub(crate) fn exports(&self) -> std::path::PathBuf {
        self.folder.path().join("exports")
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.send(Request::get(address).body(Body::empty()).expect("request")).await
    }

    pub(crate) async fn get_with(&self, address: &str, header: (&str, &str)) -> Answer {
        let request = Request::get(address).header(header.0, header.1);
        self.send(request.body(Body::empty()).expect("request")).await
    }

    pub(crate) async fn get_with_all(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers
            .iter()
            .fold(Request::get(address), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("request")).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Takes a bulletin along the whole line: found, fetched, read, flagged.
    pub(crate) async fn publish(&self, bulletin: &SampleBulletin) {
        self.fetch(bulletin).await;
        self.read(bulletin).await;
    }

    async fn claim(&self, stage: Stage, at: DateTime<Utc>) -> ClaimedBulletin {
        let lease = Duration::from_secs(60);
        let claim = self.state.catalogue.store.claim(&[stage], None, "test", at, lease).await;
        claim.expect("claim").expect("one bulletin is due")
    }

    /// Fetches a bulletin and tells its acts from their titles alone; gives their ids.
    pub(crate) async fn announce(&self, bulletin: &SampleBulletin) -> Vec<ActId> {
        let (id, document) = self.fetch(bulletin).await;
        let mut acts: Vec<AnalysedAct> = bulletin.acts.iter().map(SampleAct::analysed).collect();
        acts.iter_mut().for_each(|act| act.act.text.clear());
        let at = now() - chrono::Duration::hours(bulletin.seen_hours_ago);
        let told = self.state.catalogue.store.raise_alerts(id, document, &acts, "test", at).await;
        self.index().await;
        told.expect("announced")
    }

    /// Finds and fetches a bulletin; gives its id and its PDF.
    pub(crate) async fn fetch(&self, bulletin: &SampleBulletin) -> (BulletinId, Sha256) {
        let store = &self.state.catalogue.store;
        let at = now() - chrono::Duration::hours(bulletin.seen_hours_ago);
        store.record_found(bulletin.source, &[bulletin.link()], at).await.expect("found");
        let pdf = format!("%PDF-1.4\n% {}\n%%EOF\n", bulletin.url).into_bytes();
        let sha256 = self.state.catalogue.archive.keep(&pdf).await.expect("pdf");
        let fetch = FetchRecord {
            sha256,
            size_bytes: pdf.len() as u64,
            final_url: bulletin.url.into(),
            http_status: 200,
            etag: None,
            last_modified: None,
        };
        let claim = self.claim(Stage::Found, at).await;
        store.complete_fetch(&claim, &fetch, at).await.expect("fetch");
        (claim.bulletin.id, sha256)
    }

    /// Reads and flags the bulletin that was fetched.
    pub(crate) async fn read(&self, bulletin: &SampleBulletin) {
        self.read_made(bulletin, None).await;
    }

    /// The same of a PDF that says when it was made.
    pub(crate) async fn read_made(&self, bulletin: &SampleBulletin, times: Option<FileTimes>) {
        let store = &self.state.catalogue.store;
        let at = now() - chrono::Duration::hours(bulletin.seen_hours_ago);
        let pages = bulletin.pages();
        let read = ReadRecord {
            pages: pages.iter().cloned().map(TracedPage::from).collect(),
            page_count: pages.len() as u32,
            cut_short: false,
            note: None,
            reader_version: "test".to_owned(),
            ocr_rank: OcrRank::Nothing,
            hidden: None,
            times,
        };
        let claim = self.claim(Stage::Fetched, at).await;
        store.complete_read(&claim, &read, at).await.expect("read");
        self.flag(bulletin).await;
    }

    /// Finds that a bulletin has another PDF by now, and reads and flags that.
    pub(crate) async fn replace_pdf(&self, bulletin: &SampleBulletin) {
        let store = &self.state.catalogue.store;
        let at = now() - chrono::Duration::hours(bulletin.seen_hours_ago);
        let pdf = format!("%PDF-1.4\n% {} {at}\n%%EOF\n", bulletin.url).into_bytes();
        let sha256 = self.state.catalogue.archive.keep(&pdf).await.expect("pdf");
        let fetch = FetchRecord {
            sha256,
            size_bytes: pdf.len() as u64,
            final_url: bulletin.url.into(),
            http_status: 200,
            etag: None,
            last_modified: None,
        };
        store.recheck_now(&[bulletin.source.to_owned()], at).await.expect("brought forward");
        let lease = Duration::from_secs(60);
        let claim = store.claim_recheck(None, "test", at, lease).await.expect("claim");
        let claim = claim.expect("a check is due");
        let found = Recheck::Got(fetch);
        assert_eq!(
            store.complete_recheck(&claim, &found, at).await.expect("checked"),
            Rechecked::Changed
        );
        self.read(bulletin).await;
    }

    /// Cuts and flags the only bulletin that was read anew, by better rules.
    pub(crate) async fn read_again(&self, bulletin: &SampleBulletin) {
        let store = &self.state.catalogue.store;
        store.reset_for_reclassify(&Default::default(), "better").await.expect("reset");
        self.flag(bulletin).await;
    }

    async fn flag(&self, bulletin: &SampleBulletin) {
        let store = &self.state.catalogue.store;
        let at = now() - chrono::Duration::hours(bulletin.seen_hours_ago);
        let acts: Vec<AnalysedAct> = bulletin.acts.iter().map(SampleAct::analysed).collect();
        let claim = self.claim(Stage::Read, at).await;
        store.complete_flag(&claim, &acts, &[], "test", at).await.expect("flag");
    }

    /// One source up to date, one empty, one stale, one failing; the fifth never looked at.
    async fn passes(&self) {
        let passes = [
            ("34", 3, None),
            ("ppparis", 3, None),
            ("13", 5, Some(FailureKind::TimedOut)),
            ("13", 200, None),
            ("2A", 2, None),
        ];
        for (source, hours_ago, failed) in passes.into_iter().rev() {
            let at = now() - chrono::Duration::hours(hours_ago);
            let store = &self.state.catalogue.store;
            let pass = store.begin_pass(source, PassKind::Full, at).await.expect("pass");
            let failure = failed.map(|kind| SourceFailure::from(Failure::from(kind)));
            let outcome = PassOutcome { failure, ..PassOutcome::default() };
            store.finish_pass(pass, &outcome, at).await.expect("pass");
        }
    }

    /// Feeds the index all that changed.
    pub(crate) async fn index(&self) {
        let cursor = self.state.catalogue.index.cursor().expect("cursor");
        let records = self
            .state
            .catalogue
            .store
            .acts_changed_since(cursor, 1_000)
            .await
            .expect("changed acts");
        let last = records.iter().map(|record| record.revision).max().unwrap_or(cursor);
        let catalogue = &self.state.catalogue;
        let changes: Vec<IndexChange> = records
            .iter()
            .map(|record| index_change(record, catalogue.source(&record.source)))
            .collect();
        self.state.catalogue.index.apply(&changes, last).expect("index");
    }
}

/// Every page a white pixel, every word of the drone act's first article in one place.
struct Blank;

#[async_trait::async_trait]
impl PageReader for Blank {
    async fn picture(&self, pdf: &Path, _: u32) -> Result<Vec<u8>, String> {
        pdf.exists().then(|| b"\x89PNG\r\n".to_vec()).ok_or_else(|| "pas de fichier".to_owned())
    }

    async fn words(&self, _: &Path, _: u32, _: Method) -> Result<PlacedWords, String> {
        let words =
            ["La", "captation,", "l’enregistrement", "et", "la", "transmission", "d’images"];
        let place = |(i, text): (usize, &&str)| PlacedWord {
            text: (*text).to_owned(),
            bounds: [i as f32 * 50.0, 100.0, i as f32 * 50.0 + 40.0, 112.0],
        };
        Ok(PlacedWords {
            size: [595.0, 842.0],
            words: words.iter().enumerate().map(place).collect(),
        })
    }
}

fn source(code: &str, name: &str, region: &str, kind: SourceKind, timezone: Tz) -> Source {
    Source {
        code: code.into(),
        name: name.into(),
        region: region.into(),
        kind,
        timezone,
        roots: vec![format!("https://www.prefecture-{}.gouv.fr/RAA", code.to_lowercase())],
        hint: None,
    }
}

fn registry() -> Vec<Source> {
    let paris = chrono_tz::Europe::Paris;
    let departement = SourceKind::Departement;
    vec![
        source(
            "13",
            "Préfecture des Bouches-du-Rhône",
            "Provence-Alpes-Côte d'Azur",
            departement,
            paris,
        ),
        source("2A", "Préfecture de la Corse-du-Sud", "Corse", departement, paris),
        source("34", "Préfecture de l'Hérault", "Occitanie", departement, paris),
        source(
            "974",
            "Préfecture de La Réunion",
            "La Réunion",
            departement,
            chrono_tz::Indian::Reunion,
        ),
        source(
            "ppparis",
            "Préfecture de police de Paris",
            "Île-de-France",
            SourceKind::Police,
            paris,
        ),
    ]
}

fn rules() -> Vec<RuleSheet> {
    vec![RuleSheet {
        id: "drone/captation".into(),
        category: "drone".into(),
        about: "la captation d’images au moyen de caméras installées sur des aéronefs".into(),
        patterns: vec!["captation|captage|enregistrement … d'images".into()],
        legal_refs: vec!["CSI L242-5".into()],
        positives: vec!["Arrêté autorisant la captation d’images par drone <b>".into()],
        negatives: vec!["Arrêté réglementant un spectacle de drones".into()],
        measure: Some(Measure { given: 34, right: 33, labelled: 47 }),
    }]
}

/// An act with what was found in it.
#[derive(Clone)]
pub(crate) struct SampleAct {
    pub(crate) act: Act,
    pub(crate) facts: Facts,
    pub(crate) flags: Vec<Flag>,
    pub(crate) identity: ActIdentity,
}

/// A bulletin to publish.
pub(crate) struct SampleBulletin {
    pub(crate) source: &'static str,
    pub(crate) url: &'static str,
    pub(crate) title: &'static str,
    pub(crate) number: Option<&'static str>,
    pub(crate) published_on: &'static str,
    pub(crate) seen_hours_ago: i64,
    pub(crate) acts: Vec<SampleAct>,
}

impl SampleBulletin {
    fn link(&self) -> BulletinLink {
        BulletinLink {
            url: self.url.into(),
            title: self.title.into(),
            published_on: Some(day(self.published_on)),
            number: self.number.map(Into::into),
            series: None,
            via: "/RAA".into(),
        }
    }

    fn pages(&self) -> Vec<Page> {
        self.acts
            .iter()
            .flat_map(|act| &act.act.text)
            .map(|page| Page::of_text(page.number, &*page.text))
            .collect()
    }
}

impl SampleAct {
    /// An act over `pages` of text, from page `first`.
    pub(crate) fn new(number: &str, title: &str, first: u32, pages: &[&str]) -> Self {
        let text: Vec<ActPage> = pages
            .iter()
            .enumerate()
            .map(|(i, text)| ActPage { number: first + i as u32, offset: 0, text: (*text).into() })
            .collect();
        let act = Act {
            number: Some(number.into()),
            own_number: None,
            title: title.into(),
            title_raw: title.into(),
            title_span: None,
            kind: Some("arrêté".into()),
            service: Some("Préfecture / Cabinet".into()),
            signed_on: Some(day("2026-08-12")),
            signed_by: Some("Camille Martin".into()),
            capacity: Some("Pour le préfet et par délégation, la directrice de cabinet".into()),
            pages: PageSpan { from: first, to: first + pages.len() as u32 - 1 },
            text,
            confidence: 0.9,
        };
        let identity = ActIdentity::default();
        Self { act, facts: Facts::default(), flags: Vec::new(), identity }
    }

    pub(crate) fn analysed(&self) -> AnalysedAct {
        let Self { act, facts, flags, identity } = self.clone();
        AnalysedAct { act, facts, flags, identity }
    }

    /// Where `words` stand.
    pub(crate) fn span(&self, words: &str) -> Span {
        for page in &self.act.text {
            if let Some(at) = page.text.find(words) {
                let start = page.text[..at].chars().count() as u32;
                let end = start + words.chars().count() as u32;
                return Span { page: page.number, start, end, text: words.into() };
            }
        }
        panic!("« {words} » is not in the act");
    }

    pub(crate) fn flag(mut self, category: &str, level: Level, words: &str) -> Self {
        let evidence = vec![self.span(words)];
        self.flags.push(Flag {
            category: Category::new(category).expect("category"),
            level,
            rule: format!("{category}/captation"),
            to_check: false,
            basis: Basis::Body,
            evidence,
        });
        self
    }

    pub(crate) fn doubtful(mut self) -> Self {
        self.flags.iter_mut().for_each(|flag| flag.to_check = true);
        self
    }

    pub(crate) fn facts(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    pub(crate) fn proof(mut self, fact: &str, words: &str) -> Self {
        let span = self.span(words);
        self.facts.evidence.entry(fact.into()).or_default().push(span);
        self
    }
}

pub(crate) fn repealed(number: &str) -> ActReference {
    let number = Some(number.into());
    ActReference { change: Change::Repeals, kind: "arrêté".into(), number, signed_on: None }
}

fn commune(insee: &str, name: &str) -> Commune {
    Commune { insee: insee.into(), name: name.into() }
}

pub(crate) fn drone() -> SampleAct {
    let title = "Arrêté autorisant la captation, l’enregistrement et la transmission d’images au \
                 moyen de caméras installées sur des aéronefs à l’occasion de la fête de la mer";
    let body = "Le préfet de l’Hérault,\nVu le code de la sécurité intérieure, notamment ses \
                articles L. 242-1 à L. 242-8 ;\nVu la demande formée le 10 août 2026 par le \
                groupement de gendarmerie départementale ;\nConsidérant l’affluence attendue ;\n\
                ARRÊTE\nArticle 1er : La captation, l’enregistrement et la transmission d’images \
                par le groupement de gendarmerie départementale de l’Hérault sont autorisés \
                à Sète et Montpellier.\nArticle 2 : Le nombre maximal de caméras est fixé à deux.\n";
    let end = "Article 3 : La présente autorisation est délivrée du vendredi 14 août 2026 à 18h00 \
               au dimanche 16 août 2026 à 02h00.\nFait à Montpellier, le 12 août 2026\n";
    SampleAct::new("34-2026-08-12-00003", title, 3, &[body, end])
        .flag(
            "drone",
            Level::Authorises,
            "La captation, l’enregistrement et la transmission d’images",
        )
        .facts(|facts| {
            facts.valid_from = When::parse("2026-08-14T18:00:00+02:00");
            facts.valid_to = When::parse("2026-08-16T02:00:00+02:00");
            facts.notice_hours = Some(18.0);
            facts.purposes = vec![Purpose::PersonsAndProperty, Purpose::Gatherings];
            facts.beneficiary =
                Some("groupement de gendarmerie départementale de l’Hérault".into());
            facts.cameras = Some(2);
            facts.communes = vec![commune("34301", "Sète"), commune("34172", "Montpellier")];
            facts.legal_refs = vec!["CSI L242-1".into(), "CSI L242-8".into()];
            facts.legal_doubts = vec![LegalDoubt {
                kind: LegalDoubtKind::TooLateForAJudge,
                category: Category::new("drone").expect("category"),
                text: "ce-473547".into(),
                says: "L’acte a été publié 18 heures au plus avant son effet.".into(),
                dispelled_by: "Une publication antérieure.".into(),
                evidence: vec![Span {
                    page: 4,
                    start: 59,
                    end: 96,
                    text: "du vendredi 14 août 2026\nà 18h00".into(),
                }],
            }];
            facts.published_on = Some(day("2026-08-13"));
        })
        .proof("valid_from", "du vendredi 14 août 2026 à 18h00")
        .proof("valid_to", "au dimanche 16 août 2026 à 02h00")
        .proof("cameras", "Le nombre maximal de caméras est fixé à deux")
        .proof("communes", "à Sète et Montpellier")
}

fn evil() -> SampleAct {
    let body = "</div><script>alert(2)</script><img src=x onerror=alert(3)> capteur sonore & co";
    SampleAct::new("34-2026-08-12-00004", EVIL, 6, &[body])
        .flag("autre-capteur", Level::Concerns, "capteur sonore & co")
        .doubtful()
        .facts(|facts| {
            facts.beneficiary = Some("@SUM(1+1)*cmd|' /C calc'!A0".into());
            facts.place = Some("<svg onload=alert(4)>".into());
            facts.doubts = vec!["31 juin <b>".into()];
            let trace = Trace {
                region: Region::Visas,
                article: None,
                cue: None,
                distance: None,
                to_check: true,
            };
            facts.traces = BTreeMap::from([("place".to_owned(), trace)]);
        })
}

/// The bulletins of the sample.
pub(crate) fn bulletins() -> Vec<SampleBulletin> {
    let hunting = SampleAct::new(
        "34-2026-08-12-00001",
        "Arrêté fixant les dates d’ouverture de la chasse au sanglier",
        1,
        &["Arrêté fixant les dates d’ouverture de la chasse. Nul capteur ici."],
    );
    let video = SampleAct::new(
        "34-2026-08-12-00002",
        "Arrêté portant autorisation d’installer un système de vidéoprotection – mairie de Lodève",
        2,
        &["Article 1er : Le maire de Lodève est autorisé à mettre en œuvre un système de \
           vidéoprotection pour une durée de cinq ans."],
    )
    .flag(
        "videoprotection",
        Level::Authorises,
        "est autorisé à mettre en œuvre un système de vidéoprotection",
    )
    .facts(|facts| facts.communes = vec![commune("34142", "Lodève")]);
    let vsa = SampleAct::new(
        "2026-00811",
        "Arrêté n° 2026-00811 portant autorisation de l’emploi d’un traitement algorithmique des \
         images issues d’un système de vidéoprotection en gare du Nord",
        1,
        &["Le service interne de sécurité de la SNCF est autorisé à mettre en œuvre le traitement \
           algorithmique du 20 août 2026 au 23 août 2026."],
    )
    .flag("vsa", Level::Authorises, "autorisé à mettre en œuvre le traitement algorithmique")
    .facts(|facts| {
        facts.valid_from = When::parse("2026-08-20");
        facts.valid_to = When::parse("2026-08-23");
        facts.notice_hours = Some(156.0);
        facts.communes = vec![commune("75110", "Paris 10e")];
    });
    let repeal = SampleAct::new(
        "13-2026-08-01-00009",
        "Arrêté abrogeant l’arrêté n° 34-2026-08-12-00003 relatif à l’usage de drones",
        1,
        &["L’arrêté n° 34-2026-08-12-00003 autorisant la captation d’images est abrogé."],
    )
    .flag("drone", Level::Restricts, "est abrogé")
    .facts(|facts| facts.amends = vec![repealed("34-2026-08-12-00003")]);
    let cited = SampleAct::new(
        "13-2026-08-01-00010",
        "Arrêté portant délégation de signature en matière de drones",
        2,
        &["Délégation est donnée en matière de captation d’images."],
    )
    .flag("drone", Level::Mentions, "captation d’images");
    vec![
        SampleBulletin {
            source: "34",
            url: "https://www.herault.gouv.fr/content/RAA%20211.pdf",
            title: "Recueil n° 211 du 13 août 2026",
            number: Some("34-2026-211"),
            published_on: "2026-08-13",
            seen_hours_ago: 20,
            acts: vec![hunting, video, drone(), evil()],
        },
        SampleBulletin {
            source: "ppparis",
            url: "javascript:alert(5)",
            title: "Arrêté n° 2026-00811",
            number: None,
            published_on: "2026-08-14",
            seen_hours_ago: 3,
            acts: vec![vsa],
        },
        SampleBulletin {
            source: "13",
            url: "https://www.bouches-du-rhone.gouv.fr/raa-1.pdf",
            title: "Recueil spécial du 1er août 2026",
            number: Some("13-2026-150"),
            published_on: "2026-08-01",
            seen_hours_ago: 300,
            acts: vec![repeal, cited],
        },
    ]
}
