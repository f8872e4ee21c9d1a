-- A PDF may change under its address, or go: each is checked again while it is young.
ALTER TABLE bulletins ADD COLUMN recheck_at TEXT;
CREATE INDEX bulletins_to_check_again ON bulletins (recheck_at) WHERE recheck_at IS NOT NULL;

-- Those published in the last 60 days are due for their first check.
UPDATE bulletins SET recheck_at = first_seen_at
WHERE document_sha256 IS NOT NULL AND published_on >= date('now', '-60 days');
