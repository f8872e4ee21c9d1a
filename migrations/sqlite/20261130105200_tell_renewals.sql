-- Whether a subscriber is told before authorisations of vidéoprotection of their list end.
ALTER TABLE subscriptions ADD COLUMN renewals INTEGER NOT NULL DEFAULT 0;
