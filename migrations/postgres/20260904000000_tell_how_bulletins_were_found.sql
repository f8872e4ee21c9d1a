-- Two ways lead to a bulletin: its site lists it, or the national index does. Each is noted when it
-- first did, so that one can say what the other missed.
ALTER TABLE bulletins ADD COLUMN listed_at TIMESTAMPTZ;
ALTER TABLE bulletins ADD COLUMN indexed_at TIMESTAMPTZ;
UPDATE bulletins SET listed_at = first_seen_at WHERE via <> 'import';
UPDATE bulletins SET indexed_at = first_seen_at WHERE via = 'import';
