-- The tables of the straight line. docs/database.md explains them.
-- Times are UTC in `*_at`, days in `*_on`. Never edit a released migration: add one.

-- One row a walk over a source.
CREATE TABLE passes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    found INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    error TEXT
) STRICT;
CREATE INDEX passes_by_source ON passes (source_code, status, finished_at);

-- One row a PDF of the archive.
CREATE TABLE documents (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    page_count INTEGER,
    ocr_pages INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    note TEXT,
    first_seen_at TEXT NOT NULL,
    reader_version TEXT
) STRICT;

-- One row a bulletin; the work list is a query over it.
CREATE TABLE bulletins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_code TEXT NOT NULL,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    number TEXT,
    series TEXT,
    published_on TEXT,
    via TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    withdrawn_at TEXT,
    stage TEXT NOT NULL,
    stage_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT,
    lease_owner TEXT,
    lease_until TEXT,
    lease_number INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    failed_at TEXT,
    document_sha256 TEXT REFERENCES documents (sha256),
    page_count INTEGER,
    duplicate_of INTEGER REFERENCES bulletins (id),
    outside_pages TEXT NOT NULL DEFAULT '[]',
    rules_version TEXT
) STRICT;
CREATE INDEX bulletins_to_claim
    ON bulletins (stage, attempts, published_on DESC, id DESC) WHERE failed_at IS NULL;
CREATE INDEX bulletins_by_source ON bulletins (source_code, published_on DESC, id DESC);
CREATE INDEX bulletins_by_document ON bulletins (document_sha256);
CREATE INDEX bulletins_by_original ON bulletins (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- One row a version of a bulletin's PDF.
CREATE TABLE fetches (
    bulletin_id INTEGER NOT NULL REFERENCES bulletins (id),
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    first_fetched_at TEXT NOT NULL,
    last_fetched_at TEXT NOT NULL,
    final_url TEXT NOT NULL,
    http_status INTEGER NOT NULL,
    etag TEXT,
    last_modified TEXT,
    PRIMARY KEY (bulletin_id, document_sha256)
) STRICT;

-- The text of each page.
CREATE TABLE pages (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    number INTEGER NOT NULL,
    method TEXT NOT NULL,
    confidence REAL NOT NULL,
    text TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    note TEXT,
    reader_version TEXT NOT NULL,
    PRIMARY KEY (document_sha256, number)
) STRICT;

-- One row an act; its id is its address for ever. `segments` are [page, offset, length] in
-- characters: the text is that of `pages`.
CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bulletin_id INTEGER NOT NULL REFERENCES bulletins (id),
    source_code TEXT NOT NULL,
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    act_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    number TEXT,
    own_number TEXT,
    title TEXT NOT NULL,
    title_raw TEXT NOT NULL,
    title_span TEXT,
    kind TEXT,
    service TEXT,
    signed_on TEXT,
    signed_by TEXT,
    capacity TEXT,
    page_from INTEGER NOT NULL,
    page_to INTEGER NOT NULL,
    confidence REAL NOT NULL,
    segments TEXT NOT NULL,
    facts TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    valid_from_on TEXT,
    valid_to_on TEXT,
    published_on TEXT,
    flagged INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    removed_at TEXT,
    revision INTEGER NOT NULL UNIQUE,
    UNIQUE (bulletin_id, act_key)
) STRICT;
CREATE INDEX acts_by_source ON acts (source_code, published_on DESC, id DESC);
CREATE INDEX acts_flagged_by_publication
    ON acts (published_on DESC, id DESC) WHERE flagged AND removed_at IS NULL;
CREATE INDEX acts_flagged_by_change
    ON acts (updated_at DESC, id DESC) WHERE flagged AND removed_at IS NULL;
CREATE INDEX acts_flagged_by_end ON acts (valid_to_on) WHERE flagged AND removed_at IS NULL;

-- What each act does to whom is watched.
CREATE TABLE flags (
    act_id INTEGER NOT NULL REFERENCES acts (id),
    position INTEGER NOT NULL,
    category TEXT NOT NULL,
    level TEXT NOT NULL,
    rule TEXT NOT NULL,
    to_check INTEGER NOT NULL,
    basis TEXT NOT NULL,
    evidence TEXT NOT NULL,
    created_at TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    PRIMARY KEY (act_id, position)
) STRICT;
CREATE INDEX flags_by_category ON flags (category, level, act_id);

-- Communes that each act names.
CREATE TABLE act_communes (
    act_id INTEGER NOT NULL REFERENCES acts (id),
    insee TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (act_id, insee)
) STRICT;
CREATE INDEX act_communes_by_commune ON act_communes (insee, act_id);

-- Numbers given out in the order of commits.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('act_revision', 0);
