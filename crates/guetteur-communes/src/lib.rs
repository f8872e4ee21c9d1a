//! The communes of France: by INSEE code, by name, by postcode, and as people type them.
//!
//! It knows nothing of acts. The data files, their licence and how to bring them up to date are
//! described in `data/README.md`.
//!
//! - [`CommuneIndex::named`]: communes that bear a name, for who reads texts;
//! - [`CommuneIndex::find`]: what someone may have meant who typed « st denis 93 », for a search box;
//! - [`Region`], [`Epci`], [`Around`]: places wider than a commune, with the communes in them.

mod around;
mod epci;
mod find;
mod index;
mod record;
mod regions;

pub use around::{Around, NotAround};
pub use epci::{Epci, EpciFound};
pub use find::{Found, How};
pub use index::{
    CommuneIndex, communes, departement_code, departement_name, departement_of, key_word, name_key,
};
pub use record::CommuneRecord;
pub use regions::{Region, region, region_slug, regions};
