-- The tables of the straight line. docs/database.md explains them.
-- Times are UTC in `*_at`, days in `*_on`. Never edit a released migration: add one.

-- One row a walk over a source. `failure` is a word of guetteur_model::FailureKind, here as in the
-- other tables; `error` beside it tells a detail and decides nothing.
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
    failure TEXT,
    error TEXT,
    failed_url TEXT,
    failed_pages INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX passes_by_source ON passes (source_code, status, finished_at);

-- One row a PDF of the archive. `cut_short`: the file ends too soon, or has more pages than are read.
CREATE TABLE documents (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    page_count INTEGER,
    ocr_pages INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL,
    cut_short INTEGER NOT NULL DEFAULT 0,
    note TEXT,
    first_seen_at TEXT NOT NULL,
    reader_version TEXT
) STRICT;

-- One row a bulletin; the work list is a query over it. `listed_at` and `indexed_at`: when its site, or
-- the national index, first had it. `awaited`: its sommaire announced an act to alert about. `ocr_rank`:
-- what OCR has left to do: 0 nothing that is known of, 1 pages that come before those of other
-- bulletins, 2 only the rest.
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
    failure TEXT,
    last_error TEXT,
    failed_at TEXT,
    document_sha256 TEXT REFERENCES documents (sha256),
    page_count INTEGER,
    duplicate_of INTEGER REFERENCES bulletins (id),
    outside_pages TEXT NOT NULL DEFAULT '[]',
    rules_version TEXT,
    recheck_at TEXT,
    listed_at TEXT,
    indexed_at TEXT,
    awaited INTEGER NOT NULL DEFAULT 0,
    ocr_rank INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX bulletins_to_claim
    ON bulletins (stage, awaited DESC, ocr_rank, attempts, published_on DESC, id DESC)
    WHERE failed_at IS NULL;
CREATE INDEX bulletins_by_source ON bulletins (source_code, published_on DESC, id DESC);
CREATE INDEX bulletins_by_document ON bulletins (document_sha256);
CREATE INDEX bulletins_by_original ON bulletins (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX bulletins_to_check_again ON bulletins (recheck_at) WHERE recheck_at IS NOT NULL;

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
CREATE INDEX fetches_by_document ON fetches (document_sha256);

-- The text of each page, and what made it: the version of each part of the reader that had a say in it,
-- and why it is given to OCR. A page with a reason and no version of OCR is not recognised yet.
CREATE TABLE pages (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    number INTEGER NOT NULL,
    method TEXT NOT NULL,
    confidence REAL NOT NULL,
    text TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    note TEXT,
    text_version INTEGER,
    judge_version INTEGER,
    ocr_version INTEGER,
    ocr_reason TEXT,
    PRIMARY KEY (document_sha256, number)
) STRICT;

-- Pages recognised ahead of the rest of their document. They take their place in `pages` together
-- with the bulletin's next stage, so that acts always fit the pages that they were cut from.
CREATE TABLE recognised_pages (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    number INTEGER NOT NULL,
    method TEXT NOT NULL,
    confidence REAL NOT NULL,
    text TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    note TEXT,
    text_version INTEGER,
    judge_version INTEGER,
    ocr_version INTEGER,
    ocr_reason TEXT,
    PRIMARY KEY (document_sha256, number)
) STRICT;

-- Pages recognised on each day (UTC), by all processes on this database.
CREATE TABLE ocr_days (
    day_on TEXT NOT NULL PRIMARY KEY,
    pages INTEGER NOT NULL
) STRICT;

-- One row an act; its id is its address for ever. `segments` are [page, offset, length] in
-- characters: the text is that of `pages`. `announced`: the flags told from the sommaire before the
-- scans were read, when, and in `alert` what the full reading made of it. The same act in two bulletins
-- of a source has the same `sameness`; all but the first repeat it.
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
    announced TEXT,
    announced_at TEXT,
    alert TEXT,
    sameness TEXT,
    repeats INTEGER REFERENCES acts (id),
    UNIQUE (bulletin_id, act_key)
) STRICT;
CREATE INDEX acts_by_source ON acts (source_code, published_on DESC, id DESC);
CREATE INDEX acts_flagged_by_publication
    ON acts (published_on DESC, id DESC) WHERE flagged AND removed_at IS NULL;
CREATE INDEX acts_flagged_by_change
    ON acts (updated_at DESC, id DESC) WHERE flagged AND removed_at IS NULL;
CREATE INDEX acts_flagged_by_end ON acts (valid_to_on) WHERE flagged AND removed_at IS NULL;
CREATE INDEX acts_by_sameness ON acts (source_code, sameness) WHERE sameness IS NOT NULL;
CREATE INDEX acts_by_original ON acts (repeats) WHERE repeats IS NOT NULL;
-- Acts of a source are counted wherever its state is shown: from an index, not from the acts.
CREATE INDEX acts_counted ON acts (source_code, flagged)
    WHERE removed_at IS NULL AND repeats IS NULL;

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

-- What each act can be looked up by in its source, and the acts that it changes, by the same keys.
CREATE TABLE act_keys (
    act_id INTEGER NOT NULL REFERENCES acts (id),
    source_code TEXT NOT NULL,
    act_key TEXT NOT NULL,
    PRIMARY KEY (act_id, act_key)
) STRICT;
CREATE INDEX act_keys_by_key ON act_keys (source_code, act_key, act_id);

CREATE TABLE act_references (
    act_id INTEGER NOT NULL REFERENCES acts (id),
    source_code TEXT NOT NULL,
    act_key TEXT NOT NULL,
    PRIMARY KEY (act_id, act_key)
) STRICT;
CREATE INDEX act_references_by_key ON act_references (source_code, act_key, act_id);

-- The pages of each source where the next bulletin will show: the newest list (`list`), and the
-- page that leads to the newest year or month (`periods`); and the last look at each.
CREATE TABLE newest_lists (
    source_code TEXT NOT NULL,
    role TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    listed_sha256 TEXT,
    looked_at TEXT,
    failing_since TEXT,
    failure TEXT,
    error TEXT,
    PRIMARY KEY (source_code, role)
) STRICT;

-- Passages that the operator masks: the site, feeds, exports and the index show a bar instead. The
-- archive and `pages` keep the words.
CREATE TABLE masks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act_id INTEGER NOT NULL REFERENCES acts (id),
    passage TEXT NOT NULL,
    reason TEXT,
    keeps_pdf INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX masks_by_act ON masks (act_id);

-- Who is told of new acts, of which, how often, and up to which revision they have been told. `target`
-- is a mail address, or the name of a receiver of the settings.
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    query TEXT NOT NULL,
    frequency TEXT NOT NULL,
    token TEXT UNIQUE,
    confirm_sha256 TEXT UNIQUE,
    created_at TEXT NOT NULL,
    confirmed_at TEXT,
    suspended_at TEXT,
    suspended_for TEXT,
    told_revision INTEGER NOT NULL,
    next_due_at TEXT NOT NULL,
    UNIQUE (channel, target, query)
) STRICT;
CREATE INDEX subscriptions_by_due ON subscriptions (next_due_at)
    WHERE confirmed_at IS NOT NULL AND suspended_at IS NULL;

-- What each subscriber has been told of which act: nothing is told twice.
CREATE TABLE told_acts (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    act_id INTEGER NOT NULL REFERENCES acts (id),
    what TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (subscription_id, act_id, what)
) STRICT;

-- The outbox: written in the transaction that moves a subscription on.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_due_at TEXT NOT NULL,
    lease_owner TEXT,
    lease_until TEXT,
    lease_number INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at TEXT NOT NULL,
    sending_at TEXT,
    settled_at TEXT
) STRICT;
CREATE INDEX messages_to_claim ON messages (next_due_at, id) WHERE state IN ('pending', 'sending');
CREATE INDEX messages_by_subscription ON messages (subscription_id, created_at);

-- Numbers given out in the order of commits.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('act_revision', 0);
