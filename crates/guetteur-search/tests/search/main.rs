//! The index from outside: what people type finds what they mean; filters, facets, order; following
//! the database; damage and locks.

mod corpus;
mod field_queries;
mod following;
mod language;
mod remembered;
mod sieve;
