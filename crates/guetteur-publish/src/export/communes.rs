//! The second table: one line an act × commune that it names, to be joined on `acte` = `id`, or
//! mapped as it stands.
//!
//! The same contract as [`super::COLUMNS`]: add at the end, never rename.

use guetteur_model::Commune;

use super::columns::{Cell, Kind, commune_code, prefecture_code, several, text, when};
use crate::published::PublishedAct;

/// A column of the second table.
pub struct CommuneColumn {
    /// Its heading.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, in French.
    pub about: &'static str,
    /// Its value. The last argument is the site's base address, without a slash at its end.
    pub value: fn(&PublishedAct, &Commune, &str) -> Cell,
}

const fn column(
    name: &'static str,
    kind: Kind,
    about: &'static str,
    value: fn(&PublishedAct, &Commune, &str) -> Cell,
) -> CommuneColumn {
    CommuneColumn { name, kind, about, value }
}

/// All columns in order.
pub const COMMUNE_COLUMNS: &[CommuneColumn] = &[
    column(
        "acte",
        Kind::Integer,
        "Identifiant de l’acte (« id » de l’autre table)",
        |a, _, _| Cell::Integer(a.id.0),
    ),
    column("insee", Kind::Text, "Code INSEE de la commune", |_, c, _| Cell::Text(c.insee.clone())),
    column("commune", Kind::Text, "Nom de la commune", |_, c, _| Cell::Text(c.name.clone())),
    column("prefecture", Kind::Text, "Code de la préfecture qui publie", |a, _, _| {
        Cell::Text(a.prefecture.code.clone())
    }),
    column("niveau", Kind::Text, "Niveau le plus fort de l’acte", |a, _, _| {
        text(a.level().map(|level| level.as_str()))
    }),
    column(
        "categories",
        Kind::Text,
        "Catégories que l’acte autorise, restreint ou concerne",
        |a, _, _| several(a.categories().iter().map(|(category, _)| category.to_string())),
    ),
    column("publie_le", Kind::Day, "Jour de publication du recueil", |a, _, _| {
        a.published_on().map_or(Cell::Empty, Cell::Day)
    }),
    column(
        "effet_debut",
        Kind::DayOrInstant,
        "Début d’effet, à l’heure locale",
        |a, _, _| when(a.facts.valid_from.as_ref()),
    ),
    column("effet_fin", Kind::DayOrInstant, "Fin d’effet, à l’heure locale", |a, _, _| {
        when(a.facts.valid_to.as_ref())
    }),
    column("adresse", Kind::Text, "Page de l’acte sur ce site, permanente", |a, _, base| {
        Cell::Text(format!("{base}{}", a.path()))
    }),
    column(
        "insee_code",
        Kind::Text,
        "« insee » en une forme qui reste du texte : com-01004",
        |_, c, _| Cell::Text(commune_code(&c.insee)),
    ),
    column(
        "prefecture_code",
        Kind::Text,
        "« prefecture » en une telle forme : dep-01, dep-2A, ppparis",
        |a, _, _| Cell::Text(prefecture_code(&a.prefecture.code)),
    ),
];
