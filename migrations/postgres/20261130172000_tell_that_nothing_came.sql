-- Whether a subscriber is told once a week that their list is still watched, where nothing came.
ALTER TABLE subscriptions ADD COLUMN still_watching BOOLEAN NOT NULL DEFAULT FALSE;
