-- Brings a database that the eleven migrations before the first release made, of which this is the last
-- version, to what create_schema makes. What failed before has no kind of its own.
ALTER TABLE passes ADD COLUMN failure TEXT;
ALTER TABLE passes ADD COLUMN failed_url TEXT;
ALTER TABLE passes ADD COLUMN failed_pages INTEGER NOT NULL DEFAULT 0;
UPDATE passes SET failure = 'other' WHERE status = 'failed';
ALTER TABLE newest_lists ADD COLUMN failure TEXT;
UPDATE newest_lists SET failure = 'other' WHERE error IS NOT NULL;
ALTER TABLE bulletins ADD COLUMN failure TEXT;
UPDATE bulletins SET failure = 'other' WHERE last_error IS NOT NULL;
CREATE INDEX fetches_by_document ON fetches (document_sha256);
