//! One commune of today.

use crate::{communes, departement_of, name_key};

/// A commune, or a municipal arrondissement of Paris, Lyon or Marseille.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommuneRecord {
    /// INSEE code, five characters.
    pub insee: &'static str,
    /// Official name (`Saint-Étienne`, `Le Mans`, `Paris 18e Arrondissement`).
    pub name: &'static str,
    /// Inhabitants; 0 when unknown.
    pub population: u32,
    /// Of an arrondissement: the INSEE code of its city.
    pub part_of: Option<&'static str>,
    /// How the name joins a sentence: INSEE's « type de nom en clair ».
    pub(crate) liaison: u8,
    /// Postcodes between spaces.
    pub(crate) postcodes: &'static str,
}

impl CommuneRecord {
    /// A line of `communes.csv` about a commune of today.
    pub(crate) fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',');
        let (insee, name) = (cells.next()?, cells.next()?);
        Some(Self {
            insee,
            name,
            liaison: cells.next().unwrap_or_default().parse().ok()?,
            population: cells.next().unwrap_or_default().parse().unwrap_or(0),
            postcodes: cells.next().unwrap_or_default(),
            part_of: cells.next().filter(|code| !code.is_empty()),
        })
    }

    /// Its postcodes.
    pub fn postcodes(&self) -> impl Iterator<Item = &'static str> {
        self.postcodes.split_ascii_whitespace()
    }

    /// `de Lyon`, `d’Arles`, `du Mans`, `des Abymes`, `de La Rochelle`.
    #[must_use]
    pub fn with_de(&self) -> String {
        match (self.liaison, self.name.split_once(' ')) {
            (1 | 6, _) => format!("d’{}", self.name),
            (2, Some((_, rest))) => format!("du {rest}"),
            (4, Some((_, rest))) => format!("des {rest}"),
            _ => format!("de {}", self.name),
        }
    }

    /// Its name, with the code of its département where another commune has the same: `Saint-Denis (974)`.
    #[must_use]
    pub fn distinct_name(&self) -> String {
        format!("{}{}", self.name, self.apart())
    }

    /// What tells it from others of its name, if there are any.
    pub(crate) fn apart(&self) -> String {
        let namesakes =
            communes().codes(&name_key(self.name), None).filter_map(|code| communes().record(code));
        match namesakes.filter(|other| other.name == self.name).nth(1) {
            Some(_) => format!(" ({})", departement_of(self.insee)),
            None => String::new(),
        }
    }

    /// `à Lyon`, `au Mans`, `aux Abymes`, `à La Rochelle`.
    #[must_use]
    pub fn with_a(&self) -> String {
        match (self.liaison, self.name.split_once(' ')) {
            (2, Some((_, rest))) => format!("au {rest}"),
            (4, Some((_, rest))) => format!("aux {rest}"),
            _ => format!("à {}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::communes;

    #[test]
    fn homonyms_are_told_apart() {
        for (insee, expected) in [
            ("93066", "Saint-Denis (93)"),
            ("97411", "Saint-Denis (974)"),
            ("34172", "Montpellier"),
            ("75118", "Paris 18e Arrondissement"),
        ] {
            let commune = communes().record(insee).expect("known");
            assert_eq!(commune.distinct_name(), expected);
        }
    }

    #[test]
    fn names_join_sentences_as_french_has_it() {
        let cases = [
            ("69123", "de Lyon", "à Lyon"),
            ("13004", "d’Arles", "à Arles"),
            ("72181", "du Mans", "au Mans"),
            ("76351", "du Havre", "au Havre"),
            ("17300", "de La Rochelle", "à La Rochelle"),
            ("97101", "des Abymes", "aux Abymes"),
            ("94038", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
            ("75118", "de Paris 18e Arrondissement", "à Paris 18e Arrondissement"),
        ];
        for (insee, de, a) in cases {
            let commune = communes().record(insee).expect(insee);
            assert_eq!((commune.with_de().as_str(), commune.with_a().as_str()), (de, a));
        }
    }
}
