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
