-- What an operator found of a flag or a fact of an act: one row an act and subject. `subject` and
-- `answer` are words of guetteur_model::Subject and Answer, `value` is what a correction gives.
-- `was` is what the last reading gave in its place, `read_sha256` the fingerprint of that reading.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act_id INTEGER NOT NULL REFERENCES acts (id),
    subject TEXT NOT NULL,
    answer TEXT NOT NULL,
    value TEXT,
    reason TEXT NOT NULL,
    was TEXT NOT NULL,
    read_sha256 TEXT NOT NULL,
    reviewed_at TEXT NOT NULL,
    UNIQUE (act_id, subject)
) STRICT;
