-- Set when the sommaire announced an act to alert about: the reading that settles it comes first.
ALTER TABLE bulletins ADD COLUMN awaited INTEGER NOT NULL DEFAULT 0;
DROP INDEX bulletins_to_claim;
CREATE INDEX bulletins_to_claim
    ON bulletins (stage, awaited DESC, attempts, published_on DESC, id DESC)
    WHERE failed_at IS NULL;
