//! The registry of prefectures (data) and the walker that goes from a site's pages to its bulletins
