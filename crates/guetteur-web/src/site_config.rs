//! What the owner of the site chose for its pages.

use serde::Serialize;

use crate::api_keys::ApiKeys;
use crate::operator_token::OperatorToken;

/// What the owner of the site chose.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SiteConfig {
    /// E-mail address that answers readers; shown, and used by « signaler une erreur ».
    pub contact: Option<String>,
    /// Page where readers report a mistake, in the place of `contact`.
    pub report: Option<String>,
    /// Whether search engines may list acts without a flag.
    pub index_unflagged: bool,
    /// Requests of one address to the API, exports and pictures in a minute; 0 is no limit.
    pub requests_per_minute: u32,
    /// Header in which the operator's proxy tells the reader's address.
    pub client_header: Option<String>,
    /// Whether lists can be had by mail.
    pub sends_mail: bool,
    /// Version of the OCR: pages that another recognised wait to be recognised again.
    pub ocr_version: u32,
    /// Pages that may be recognised in a day (UTC); 0 is no limit.
    pub ocr_pages_per_day: u32,
    /// Whether this process works: what stands still elsewhere is no reason not to read here.
    pub works: bool,
    /// Who runs the site, as shown at the foot of each page.
    pub operator: Option<String>,
    /// Opens `/operateur`, which is not there without one. Never given to a template.
    #[serde(skip)]
    pub operator_token: Option<OperatorToken>,
    /// Keys with which programs make subscriptions. Never given to a template.
    #[serde(skip)]
    pub api_keys: ApiKeys,
}
