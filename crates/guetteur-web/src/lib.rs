//! Pages, feeds, exports and the JSON API
