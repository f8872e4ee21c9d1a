-- What a subscriber noted for themselves, and since when they want nothing for now.
ALTER TABLE subscriptions ADD COLUMN note TEXT;
ALTER TABLE subscriptions ADD COLUMN paused_at TIMESTAMPTZ;

-- Links to all subscriptions of an address, sent to it: hashes of their secrets.
CREATE TABLE subscriber_links (
    secret_sha256 TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX subscriber_links_by_address ON subscriber_links (address);
