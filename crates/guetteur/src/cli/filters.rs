//! Filters shared by `search` and `export`. Repeated values mean « or ».

use std::collections::BTreeSet;

use anyhow::{Result, anyhow, bail};
use chrono::NaiveDate;
use clap::Args;
use guetteur_model::{Category, Level};
use guetteur_publish::address;
use guetteur_search::Filters;
use url::form_urlencoded;

use crate::app;
use crate::config::Config;

#[derive(Args)]
pub(super) struct FilterArguments {
    /// Code de préfecture ; répétable
    #[arg(long, value_name = "CODE")]
    prefecture: Vec<String>,
    /// Catégorie (drone, vsa, videoprotection…) ; répétable
    #[arg(long, value_name = "ID")]
    category: Vec<String>,
    /// Niveau (authorises, restricts, concerns, mentions) ; répétable
    #[arg(long, value_name = "ID")]
    level: Vec<String>,
    /// Code INSEE de commune ; répétable
    #[arg(long, value_name = "INSEE")]
    commune: Vec<String>,
    /// Région (bretagne, ou son code) : ce que publient ses préfectures ; répétable
    #[arg(long, value_name = "NOM")]
    region: Vec<String>,
    /// SIREN d'une intercommunalité : les actes qui nomment une de ses communes ; répétable
    #[arg(long, value_name = "SIREN")]
    epci: Vec<String>,
    /// Code INSEE et distance (35238-20km, 1 à 100 km) : les actes qui nomment une commune dont le
    /// centre y est ; répétable
    #[arg(long, value_name = "INSEE-KM")]
    around: Vec<String>,
    /// Publiés ce jour-là ou après
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Publiés ce jour-là ou avant
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
}

impl FilterArguments {
    /// As the site reads them from an address.
    ///
    /// # Errors
    /// When a prefecture, a category, a level, a period or a place is none: « 0 actes » would read as an answer.
    pub(super) fn list_filters(&self, query: &str, config: &Config) -> Result<address::Filters> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            bail!("--from {from} --to {to} : la fin précède le début");
        }
        Ok(address::Filters {
            q: query.to_owned(),
            prefectures: self.prefectures(config)?,
            categories: self.categories(config)?,
            levels: self.level.iter().map(|id| level(id)).collect::<Result<_>>()?,
            from: self.from,
            to: self.to,
            ..self.places()?
        })
    }

    /// As the index takes them.
    ///
    /// # Errors
    /// As [`Self::list_filters`].
    pub(super) fn search_filters(&self, config: &Config) -> Result<Filters> {
        let list = self.list_filters("", config)?;
        Ok(Filters {
            prefectures: list.prefectures,
            categories: list.categories,
            levels: list.levels,
            regions: list.regions.iter().map(|region| region.slug()).collect(),
            communes: list.communes,
            epcis: list.epcis.iter().map(|epci| epci.siren.to_owned()).collect(),
            around: list.around,
            from: list.from,
            to: list.to,
            ..Filters::default()
        })
    }

    /// Communes and wider places, read as in the site's addresses.
    fn places(&self) -> Result<address::Filters> {
        let mut address = form_urlencoded::Serializer::new(String::new());
        for (name, values) in [
            ("commune", &self.commune),
            ("region", &self.region),
            ("epci", &self.epci),
            ("autour", &self.around),
        ] {
            address.extend_pairs(values.iter().map(|value| (name, value)));
        }
        let read = address::Filters::parse(&address.finish());
        if !read.misread.is_empty() {
            bail!("{}", read.misread.join(" ; "));
        }
        for guessed in &read.guessed {
            eprintln!("{guessed}");
        }
        Ok(read)
    }

    fn prefectures(&self, config: &Config) -> Result<Vec<String>> {
        if self.prefecture.is_empty() {
            return Ok(Vec::new());
        }
        let sources = app::select(&app::registry(config)?, &self.prefecture)?;
        Ok(sources.into_iter().map(|source| source.code).collect())
    }

    fn categories(&self, config: &Config) -> Result<Vec<Category>> {
        let given: Vec<Category> =
            self.category.iter().map(|id| Category::new(id)).collect::<Result<_, _>>()?;
        if given.is_empty() {
            return Ok(given);
        }
        // A watch list has a category of its own.
        let rules = app::rules(config);
        let known: BTreeSet<&str> = rules.rules().map(|rule| rule.category.as_str()).collect();
        if let Some(unknown) = given.iter().find(|category| !known.contains(category.as_str())) {
            let known: Vec<&str> = known.into_iter().collect();
            bail!("aucune règle ne donne la catégorie {unknown} ; connues : {}", known.join(", "));
        }
        Ok(given)
    }
}

fn level(id: &str) -> Result<Level> {
    let known: Vec<&str> = Level::ALL.iter().map(|level| level.as_str()).collect();
    id.parse().map_err(|_| anyhow!("niveau « {id} » inconnu ; connus : {}", known.join(", ")))
}
