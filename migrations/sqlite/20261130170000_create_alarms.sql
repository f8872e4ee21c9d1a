-- What has been wrong for long enough to be told, once to each whom it concerns, and once when it is
-- over. `subject`: the code of a source, the id of a bulletin, the hash of a PDF. `since_at`: since when
-- it has been so. One open row a kind and subject.
CREATE TABLE alarms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    since_at TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    over_at TEXT
) STRICT;
CREATE UNIQUE INDEX alarms_open ON alarms (kind, subject) WHERE over_at IS NULL;
CREATE INDEX alarms_by_end ON alarms (over_at);

-- What each subscriber has been told of which alarm: nothing is told twice.
CREATE TABLE told_alarms (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    alarm_id INTEGER NOT NULL REFERENCES alarms (id),
    what TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (subscription_id, alarm_id, what)
) STRICT;

-- What is told: acts of a list, or to the operator what is wrong.
ALTER TABLE subscriptions ADD COLUMN about TEXT NOT NULL DEFAULT 'acts';

-- Who visits a source, and when that was last done: several machines on one database do so once.
-- `full_at`: last walk over everything; `walked_at`: last walk; `visited_at`: last walk or look.
CREATE TABLE visits (
    source_code TEXT NOT NULL PRIMARY KEY,
    lease_owner TEXT NOT NULL,
    lease_until TEXT,
    visited_at TEXT NOT NULL,
    walked_at TEXT,
    full_at TEXT
) STRICT;
