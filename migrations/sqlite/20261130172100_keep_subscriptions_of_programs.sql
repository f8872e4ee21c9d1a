-- Subscriptions that a program made: the name of its key, and what a webhook's messages are signed with.
ALTER TABLE subscriptions ADD COLUMN api_key TEXT;
ALTER TABLE subscriptions ADD COLUMN secret TEXT;
CREATE INDEX subscriptions_by_api_key ON subscriptions (api_key) WHERE api_key IS NOT NULL;
