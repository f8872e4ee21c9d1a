//! A département: names, places, signatories, and how French joins them.

use guetteur_model::Commune;
use serde::Deserialize;

/// A département of the corpus.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departement {
    /// Code (`26`, `2B`).
    pub code: String,
    /// Official name (`Drôme`).
    pub name: String,
    /// How « de » joins: `de`, `d'`, `le`, `la`, `les`, `l'`.
    article: String,
    /// Made-up prefect.
    pub prefet: String,
    /// Whether the prefect is a woman.
    prefete: bool,
    /// Made-up head of the cabinet.
    pub directeur: String,
    /// Made-up general secretary.
    pub secretaire: String,
    communes: Vec<(String, String)>,
}

impl Departement {
    /// « de la Drôme ».
    pub(super) fn du(&self) -> String {
        let join = match self.article.as_str() {
            "d'" => "d'",
            "le" => "du ",
            "la" => "de la ",
            "les" => "des ",
            "l'" => "de l'",
            _ => "de ",
        };
        format!("{join}{}", self.name)
    }

    /// « le préfet » or « la préfète ».
    pub(super) fn le_prefet(&self) -> &'static str {
        if self.prefete { "la préfète" } else { "le préfet" }
    }

    /// « PRÉFET » or « PRÉFÈTE », as the letterhead prints it.
    pub(super) fn title(&self) -> &'static str {
        if self.prefete { "PRÉFÈTE" } else { "PRÉFET" }
    }

    /// Commune number `index` from 1; the last one stands for all that are missing.
    pub(super) fn commune(&self, index: usize) -> Commune {
        let place = index.saturating_sub(1).min(self.communes.len().saturating_sub(1));
        let (insee, name) = self.communes.get(place).cloned().unwrap_or_default();
        Commune { insee, name }
    }
}

/// « de Valence », « d'Annecy », « du Havre », « des Herbiers ».
pub(super) fn de(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("du {rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("des {rest}");
    }
    let mut letters = name.chars();
    let (first, second) = (letters.next().unwrap_or(' '), letters.next().unwrap_or(' '));
    let elides = "AEIOUÉÈÊÎÔŒ".contains(first)
        || (first == 'Y' && "uzs".contains(second))
        || (first == 'H' && "éy".contains(second));
    if elides { format!("d'{name}") } else { format!("de {name}") }
}

/// « à Valence », « au Havre », « aux Herbiers ».
pub(super) fn a(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("au {rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("aux {rest}");
    }
    format!("à {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_as_french_does() {
        let cases = [
            ("Valence", "de Valence", "à Valence"),
            ("Annecy", "d'Annecy", "à Annecy"),
            ("Le Havre", "du Havre", "au Havre"),
            ("Les Herbiers", "des Herbiers", "aux Herbiers"),
            ("La Roche-sur-Yon", "de La Roche-sur-Yon", "à La Roche-sur-Yon"),
            ("Hyères", "d'Hyères", "à Hyères"),
            ("Haguenau", "de Haguenau", "à Haguenau"),
            ("L'Aigle", "de L'Aigle", "à L'Aigle"),
        ];
        for (name, with_de, with_a) in cases {
            assert_eq!((de(name).as_str(), a(name).as_str()), (with_de, with_a));
        }
    }
}
