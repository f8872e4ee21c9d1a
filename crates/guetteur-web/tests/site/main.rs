//! The site over a real store and a real index, called in process.
//!
//! - `pages`: each page says what it must, and every link on every page answers;
//! - `feed_pages`: a feed read back while bulletins come out;
//! - `feeds`: Atom, RSS, JSON Feed, iCalendar, conditional requests;
//! - `figures`: the map and the investigations against a known truth;
//! - `connections`: clients that say or take nothing;
//! - `exports`: CSV, XLSX, JSON Lines;
//! - `pictures`: pages of PDFs and the boxes over them;
//! - `letters`: letters and motions about a commune;
//! - `refere`: contesting an act before a judge, and the law that pages cite;
//! - `places`: communes and prefectures, their numbers;
//! - `api`: JSON;
//! - `campaigns`: towns by technique, the register of towns;
//! - `care`: masks, search engines, conditional requests;
//! - `operator`: the page behind the token;
//! - `programs`: subscriptions that programs make with a key;
//! - `proof`: a damaged archive, and what supervisors are told;
//! - `safety`: what comes from outside stays inert;
//! - `subscription`: a list by mail, by forms alone;
//! - `versions`: a PDF that was replaced;
//! - `wider`: régions, inter-municipalities, what lies around a town.

mod alerts;
mod api;
mod campaigns;
mod care;
mod connections;
mod dossiers;
mod exports;
mod feed_pages;
mod feeds;
mod figures;
mod letters;
mod operator;
mod pages;
mod pictures;
mod places;
mod precedents;
mod programs;
mod proof;
mod refere;
mod safety;
mod states;
mod subscription;
mod support;
mod versions;
mod wider;
