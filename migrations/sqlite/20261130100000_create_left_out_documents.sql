-- Documents that a source's pages list and that were not taken for bulletins, with the reason.
CREATE TABLE left_out_documents (
    source_code TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    via TEXT NOT NULL,
    reason TEXT NOT NULL,
    contents_of TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (source_code, url)
) STRICT;

-- Since when a list's validators are not believed: it had changed under the same ones.
ALTER TABLE newest_lists ADD COLUMN distrusted_at TEXT;
