//! Filters shared by `search` and `export`. Repeated values mean « or ».

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Args;
use guetteur_model::{Category, Level};
use guetteur_publish::address;
use guetteur_search::Filters;

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
    /// As [`Self::search_filters`].
    pub(super) fn list_filters(&self, query: &str, config: &Config) -> Result<address::Filters> {
        let filters = self.search_filters(config)?;
        Ok(address::Filters {
            q: query.to_owned(),
            prefectures: filters.prefectures,
            categories: filters.categories,
            levels: filters.levels,
            communes: filters.communes,
            from: filters.from,
            to: filters.to,
            ..address::Filters::default()
        })
    }

    /// # Errors
    /// When a prefecture, a category or a level is none: « 0 actes » would read as an answer.
    pub(super) fn search_filters(&self, config: &Config) -> Result<Filters> {
        Ok(Filters {
            prefectures: self.prefectures(config)?,
            categories: self.categories(config)?,
            levels: self.level.iter().map(|id| id.parse::<Level>()).collect::<Result<_, _>>()?,
            communes: self.commune.clone(),
            from: self.from,
            to: self.to,
            ..Filters::default()
        })
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
