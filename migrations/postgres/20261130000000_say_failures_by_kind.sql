-- What went wrong, as a word of guetteur_model::FailureKind: statuses, retries and the words shown
-- follow from it. The texts beside it only tell details. What failed before has no kind.
ALTER TABLE passes ADD COLUMN failure TEXT;
ALTER TABLE passes ADD COLUMN failed_url TEXT;
ALTER TABLE passes ADD COLUMN failed_pages BIGINT NOT NULL DEFAULT 0;
UPDATE passes SET failure = 'other' WHERE status = 'failed';
ALTER TABLE newest_lists ADD COLUMN failure TEXT;
UPDATE newest_lists SET failure = 'other' WHERE error IS NOT NULL;
ALTER TABLE bulletins ADD COLUMN failure TEXT;
UPDATE bulletins SET failure = 'other' WHERE last_error IS NOT NULL;
