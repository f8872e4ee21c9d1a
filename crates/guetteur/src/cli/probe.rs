//! `guetteur sources probe URL`: a registry entry to start from, and what it would find.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use guetteur_model::{BulletinLink, Clock, Source, SourceKind, SystemClock};
use guetteur_publish::failure_words;
use guetteur_sources::{
    DiscoverOptions, Discovery, Hint, KnownGround, PageFailure, Registry, Unit, discover, normalise,
};
use serde::Serialize;
use url::Url;

use super::{Context, Failure, output};
use crate::app;
use crate::pipeline::SitePages;

/// A probe looks, it does not harvest.
const MOST_PAGES: u32 = 40;
/// Bulletins shown to people; `--json` has all.
const SHOWN: usize = 12;

#[derive(Args)]
pub(super) struct Arguments {
    /// Page des recueils sur le site de la préfecture
    url: String,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The entry as TOML.
    entry: &'a str,
    code: &'a str,
    found: usize,
    dated: usize,
    numbered: usize,
    requests: u32,
    failures: Vec<String>,
    bulletins: &'a [BulletinLink],
}

impl Arguments {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let registry = app::registry(&context.config)?;
        let proposed = propose(&self.url, &registry).map_err(Failure::Usage)?;
        let client = app::client(&context.config, &registry)?;
        let (source, discovery) = try_out(proposed, &SitePages::new(Arc::new(client))).await?;
        let entry = entry(&source)?;
        if context.json {
            output::json_line(&report(&source, &entry, &discovery))?;
        } else {
            tell(&source, &entry, &discovery, &registry)?;
        }
        if discovery.bulletins.is_empty() {
            return Err(anyhow::anyhow!(
                "aucun recueil trouvé à partir de {} : donnez la page qui liste les années ou les \
                 recueils (docs/adding-a-prefecture.md)",
                self.url
            )
            .into());
        }
        Ok(())
    }
}

/// An entry for the site of `url`: that of the registry with another root, or a new one whose
/// doubtful parts say « À COMPLÉTER ».
fn propose(url: &str, registry: &Registry) -> Result<Source> {
    let understood = || format!("adresse non comprise : {url} ; il faut https://SITE/PAGE");
    let root: Url = normalise(url).and_then(|url| url.parse().ok()).with_context(understood)?;
    let host = root.host_str().unwrap_or_default().to_owned();
    if !matches!(root.scheme(), "http" | "https") || host.is_empty() {
        bail!(understood());
    }
    let roots = vec![root.to_string()];
    if let Some(known) = known_site(&root, registry) {
        return Ok(Source { roots, ..known.clone() });
    }
    let label = host.trim_start_matches("www.").split('.').next().unwrap_or_default();
    let code: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(Source {
        code,
        name: format!("À COMPLÉTER ({host})"),
        region: "À COMPLÉTER".to_owned(),
        kind: SourceKind::Departement,
        timezone: chrono_tz::Europe::Paris,
        roots,
        hint: None,
    })
}

/// The source of the same site. Several regions share one host: there the first folder counts too.
fn known_site<'a>(root: &Url, registry: &'a Registry) -> Option<&'a Source> {
    let folder = |url: &Url| url.path_segments()?.next().map(str::to_owned);
    let on_host: Vec<(&Source, Url)> = registry
        .iter()
        .flat_map(|source| source.roots.iter().map(move |known| (source, known)))
        .filter_map(|(source, known)| Some((source, Url::parse(known).ok()?)))
        .filter(|(_, known)| known.host_str() == root.host_str())
        .collect();
    let same_folder = on_host.iter().filter(|(_, known)| folder(known) == folder(root));
    // Paris publishes on the site of its region.
    let by_folder = same_folder.min_by_key(|(source, _)| source.kind != SourceKind::Region);
    let only = || {
        let first = on_host.first()?;
        on_host.iter().all(|(source, _)| source.code == first.0.code).then_some(first)
    };
    by_folder.or_else(only).map(|(source, _)| *source)
}

/// Walks as a daily pass would. Where nothing shows that names a bulletin, tries once more with
/// one act a PDF.
async fn try_out(source: Source, pages: &SitePages) -> Result<(Source, Discovery)> {
    let known = KnownGround::default();
    let today = SystemClock.now().with_timezone(&source.timezone).date_naive();
    let options =
        DiscoverOptions { max_pages: MOST_PAGES, ..DiscoverOptions::daily(today, &known) };
    let found = discover(&source, &options, pages).await?;
    if !found.bulletins.is_empty() || source.hint.is_some() {
        return Ok((source, found));
    }
    let hint = Hint {
        unit: Unit::Act,
        first: None,
        why: "À COMPLÉTER : nothing on the list names a recueil, each PDF seems to be one act"
            .to_owned(),
    };
    let by_act = Source { hint: Some(serde_json::to_string(&hint)?), ..source.clone() };
    let acts = discover(&by_act, &options, pages).await?;
    if acts.bulletins.is_empty() { Ok((source, found)) } else { Ok((by_act, acts)) }
}

#[derive(Serialize)]
struct File<'a> {
    source: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    region: &'a str,
    kind: SourceKind,
    timezone: chrono_tz::Tz,
    roots: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Hint>,
}

/// The entry as the registry's file writes it.
fn entry(source: &Source) -> Result<String> {
    let hint = source.hint.as_ref().map(|_| Hint::of(source)).transpose()?;
    Ok(toml::to_string(&File {
        source: [Entry {
            code: &source.code,
            name: &source.name,
            region: &source.region,
            kind: source.kind,
            timezone: source.timezone,
            roots: &source.roots,
            hint,
        }],
    })?)
}

fn report<'a>(source: &'a Source, entry: &'a str, discovery: &'a Discovery) -> Report<'a> {
    let bulletins = &discovery.bulletins;
    Report {
        entry,
        code: &source.code,
        found: bulletins.len(),
        dated: bulletins.iter().filter(|b| b.published_on.is_some()).count(),
        numbered: bulletins.iter().filter(|b| b.number.is_some()).count(),
        requests: discovery.requests,
        failures: discovery.failures.iter().map(failed).collect(),
        bulletins,
    }
}

fn failed(page: &PageFailure) -> String {
    format!("{} : {}", page.url, failure_words::sentence(&page.reason.failure()))
}

fn tell(source: &Source, entry: &str, discovery: &Discovery, registry: &Registry) -> Result<()> {
    let report = report(source, entry, discovery);
    if registry.get(&source.code).is_ok() {
        eprintln!("La source {} existe : cette entrée la remplacerait.", source.code);
    }
    output::line(entry)?;
    let rows: Vec<_> = discovery.bulletins.iter().take(SHOWN).map(row).collect();
    output::line(&output::table(&["date", "numéro", "titre", "adresse"], &rows))?;
    eprintln!(
        "{} recueils, dont {} datés et {} numérotés, en {} requêtes",
        report.found, report.dated, report.numbered, report.requests
    );
    for failure in &report.failures {
        eprintln!("{failure}");
    }
    Ok(())
}

fn row(bulletin: &BulletinLink) -> Vec<String> {
    let date = bulletin.published_on.map(|day| day.to_string()).unwrap_or_default();
    let number = bulletin.number.clone().unwrap_or_default();
    vec![date, number, bulletin.title.clone(), bulletin.url.clone()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_site_keeps_its_name_and_a_new_one_says_what_to_fill_in() {
        let registry = Registry::builtin().expect("registry");
        let cases = [
            ("https://www.herault.gouv.fr/Publications/Nouvelle-page", "34"),
            ("https://www.prefectures-regions.gouv.fr/ile-de-france/RAA", "prefidf"),
            ("https://www.nulle-part.gouv.fr/RAA", "nullepart"),
        ];
        for (url, code) in cases {
            let source = propose(url, &registry).expect(url);
            assert_eq!((source.code.as_str(), source.roots), (code, vec![url.to_owned()]));
        }
        for bad in ["herault", "ftp://www.herault.gouv.fr/RAA", ""] {
            let error = propose(bad, &registry).expect_err(bad).to_string();
            assert!(error.contains("adresse non comprise"), "{error}");
        }
    }

    #[test]
    fn what_is_proposed_is_a_registry_entry() {
        let builtin = Registry::builtin().expect("registry");
        for source in builtin.iter() {
            let mut read = Registry::default();
            read.add("proposed", &entry(source).expect("entry")).expect("read back");
            assert_eq!(read.iter().next(), Some(source));
        }
    }
}
