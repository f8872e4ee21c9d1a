//! Filters shared by `search` and `export`. Repeated values mean « or ».

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;
use guetteur_model::{Category, Level};
use guetteur_search::Filters;
use guetteur_web::address;

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
    /// When a category or a level is none.
    pub(super) fn list_filters(&self, query: &str) -> Result<address::Filters> {
        let filters = self.search_filters()?;
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
    /// When a category or a level is none.
    pub(super) fn search_filters(&self) -> Result<Filters> {
        Ok(Filters {
            prefectures: self.prefecture.clone(),
            categories: self
                .category
                .iter()
                .map(|id| Category::new(id))
                .collect::<Result<_, _>>()?,
            levels: self.level.iter().map(|id| id.parse::<Level>()).collect::<Result<_, _>>()?,
            communes: self.commune.clone(),
            from: self.from,
            to: self.to,
            ..Filters::default()
        })
    }
}
