-- How far the checks of the archive are: `slow`, that of `guetteur watch`, and `asked`, `guetteur verify`.
-- `last_sha256`: the last document checked, in the order of their names; none before the first and
-- after the last.
CREATE TABLE scrubs (
    kind TEXT NOT NULL PRIMARY KEY,
    last_sha256 TEXT,
    checked INTEGER NOT NULL,
    begun_at TEXT NOT NULL,
    whole_at TEXT
) STRICT;

-- Documents whose file is not there, or has other bytes.
CREATE TABLE damaged_documents (
    sha256 TEXT NOT NULL PRIMARY KEY REFERENCES documents (sha256),
    damage TEXT NOT NULL,
    found_at TEXT NOT NULL
) STRICT;

-- The mailbox behind an address: `a+b@c.example` is that of `a@c.example`. Letters are counted by it.
ALTER TABLE subscriptions ADD COLUMN mailbox TEXT;
