//! Polite HTTP (robots.txt, pacing, retries, conditional requests, limits) and the content-addressed archive
