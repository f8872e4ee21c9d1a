//! `/api/v1`: the same lists and acts for programs. Parameter names follow those that clients of
//! earlier sites of the field use (`s`, `administration`, `start_date`, `end_date`).
//!
//! What is read is open to all; subscriptions ask for a key. [`OPERATIONS`] holds one row an operation; the router and the OpenAPI description come from it.

mod acts;
mod bulletins;
mod communes;
mod fact_schemas;
mod investigations;
mod openapi;
mod operations;
mod precedents;
mod schemas;
mod search;
mod stats;
mod subscriptions;
mod texts;

pub(crate) use openapi::path_parameters;
pub(crate) use operations::{Access, OPERATIONS, Operation, Parameter, SUBSCRIPTIONS, Takes};
pub(crate) use stats::health;
