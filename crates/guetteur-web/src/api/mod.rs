//! `/api/v1`: the same lists and acts for programs. Parameter names follow those that clients of
//! earlier sites of the field use (`s`, `administration`, `start_date`, `end_date`).

mod acts;
mod search;
mod stats;

pub(crate) use acts::{get as act, get_bulletin as bulletin};
pub(crate) use search::get as search;
pub(crate) use stats::{get as stats, health};
