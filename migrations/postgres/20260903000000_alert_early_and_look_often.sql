-- Acts told from the sommaire before the scans are read: what was announced (its flags, JSON),
-- when, and what the full reading made of it.
ALTER TABLE acts ADD COLUMN announced JSONB;
ALTER TABLE acts ADD COLUMN announced_at TIMESTAMPTZ;
ALTER TABLE acts ADD COLUMN alert TEXT;

-- The page of each source where the next bulletin will show first, and the last look at it.
CREATE TABLE newest_lists (
    source_code TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    body_sha256 TEXT,
    looked_at TIMESTAMPTZ,
    error TEXT
);
