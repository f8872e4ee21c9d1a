//! Places wider than a commune, as fields of the query language. What is not known is left out with a
//! note: none is searched as words, since an answer about another place would look like one.

use guetteur_communes::{Around, Epci, EpciFound, region};

use super::notes::Notes;
use super::{FieldTerm, Node};

/// Names told of several that a word may mean.
const TOLD: usize = 5;

pub(super) fn regions(name: &str, values: &[String], notes: &mut Notes) -> Option<Node> {
    known(
        values,
        |value| {
            region(value).ok_or_else(|| format!("« {name}:{value} » : région inconnue, ignoré."))
        },
        notes,
    )
    .map(FieldTerm::Region)
    .map(Node::Field)
}

pub(super) fn epcis(name: &str, values: &[String], notes: &mut Notes) -> Option<Node> {
    known(
        values,
        |value| match Epci::find(value) {
            EpciFound::One(epci) => Ok(epci),
            EpciFound::None => {
                Err(format!("« {name}:{value} » : intercommunalité inconnue, ignoré."))
            }
            EpciFound::Several(found) => Err(format!(
                "« {name}:{value} » : plusieurs intercommunalités, ignoré. {}",
                several(&found)
            )),
        },
        notes,
    )
    .map(FieldTerm::Epci)
    .map(Node::Field)
}

pub(super) fn around(name: &str, values: &[String], notes: &mut Notes) -> Option<Node> {
    known(
        values,
        |value| Around::parse(value).map_err(|why| format!("« {name}:{value} » : {why}, ignoré.")),
        notes,
    )
    .map(FieldTerm::Around)
    .map(Node::Field)
}

fn known<T>(
    values: &[String],
    read: impl Fn(&str) -> Result<T, String>,
    notes: &mut Notes,
) -> Option<Vec<T>> {
    let mut known = Vec::new();
    for value in values {
        match read(value) {
            Ok(place) => known.push(place),
            Err(why) => notes.leave_out(why),
        }
    }
    (!known.is_empty()).then_some(known)
}

/// `Métropole de Lyon (200046977), …`
fn several(found: &[Epci]) -> String {
    let told = found.iter().take(TOLD).map(|epci| format!("{} ({})", epci.name(), epci.siren));
    let more = if found.len() > TOLD { "…" } else { "." };
    format!("{}{more}", told.collect::<Vec<_>>().join(", "))
}
