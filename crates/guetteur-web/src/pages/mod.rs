//! The pages, one file each.

pub(crate) mod act;
pub(crate) mod api;
pub(crate) mod archive;
pub(crate) mod assets;
pub(crate) mod bulletin;
pub(crate) mod commune;
pub(crate) mod communes;
pub(crate) mod coverage;
pub(crate) mod data;
pub(crate) mod home;
pub(crate) mod investigations;
pub(crate) mod letter;
pub(crate) mod map;
pub(crate) mod method;
pub(crate) mod notices;
pub(crate) mod operator;
pub(crate) mod opml;
pub(crate) mod prefecture;
pub(crate) mod prefectures;
pub(crate) mod search;
pub(crate) mod sheet;
pub(crate) mod sitemap;
pub(crate) mod standing_view;
pub(crate) mod statistics;
pub(crate) mod subscription;
pub(crate) mod version_changes;
