-- Acts told from the sommaire before the scans are read: what was announced (its flags, JSON),
-- when, and what the full reading made of it.
ALTER TABLE acts ADD COLUMN announced JSONB;
ALTER TABLE acts ADD COLUMN announced_at TIMESTAMPTZ;
ALTER TABLE acts ADD COLUMN alert TEXT;

-- The pages of each source where the next bulletin will show: the newest list (`list`), and the
-- page that leads to the newest year or month (`periods`); and the last look at each.
CREATE TABLE newest_lists (
    source_code TEXT NOT NULL,
    role TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    listed_sha256 TEXT,
    looked_at TIMESTAMPTZ,
    failing_since TIMESTAMPTZ,
    error TEXT,
    PRIMARY KEY (source_code, role)
);
