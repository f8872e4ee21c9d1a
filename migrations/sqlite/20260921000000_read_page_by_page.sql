-- What made each page: the version of each part of the reader that had a say in it, and why it is
-- given to OCR. A page with a reason and no version of OCR is not recognised yet.
ALTER TABLE pages ADD COLUMN text_version INTEGER;
ALTER TABLE pages ADD COLUMN judge_version INTEGER;
ALTER TABLE pages ADD COLUMN ocr_version INTEGER;
ALTER TABLE pages ADD COLUMN ocr_reason TEXT;
UPDATE pages SET judge_version = CAST(reader_version AS INTEGER),
    text_version = CASE WHEN method <> 'ocr' THEN CAST(reader_version AS INTEGER) END,
    ocr_version = CASE WHEN method IN ('ocr', 'both') THEN CAST(reader_version AS INTEGER) END;

-- Pages that failed because tesseract was missing are read again, with their bulletins.
UPDATE pages SET judge_version = 0
WHERE method = 'failed' AND note LIKE '%OCR impossible%';
UPDATE bulletins SET stage = 'fetched', attempts = 0, next_attempt_at = NULL
WHERE stage IN ('read', 'flagged') AND duplicate_of IS NULL AND document_sha256 IN
    (SELECT document_sha256 FROM pages WHERE judge_version = 0);
ALTER TABLE pages DROP COLUMN reader_version;

-- Pages recognised ahead of the rest of their document. They take their place in `pages` together
-- with the bulletin's next stage, so that acts always fit the pages that they were cut from.
CREATE TABLE recognised_pages (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    number INTEGER NOT NULL,
    method TEXT NOT NULL,
    confidence REAL NOT NULL,
    text TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    note TEXT,
    text_version INTEGER,
    judge_version INTEGER,
    ocr_version INTEGER,
    ocr_reason TEXT,
    PRIMARY KEY (document_sha256, number)
) STRICT;

-- Pages recognised on each day (UTC), by all processes on this database.
CREATE TABLE ocr_days (
    day_on TEXT NOT NULL PRIMARY KEY,
    pages INTEGER NOT NULL
) STRICT;

-- What OCR has left to do in a bulletin: 0 nothing that is known of, 1 pages that come before those
-- of other bulletins, 2 only the rest.
ALTER TABLE bulletins ADD COLUMN ocr_rank INTEGER NOT NULL DEFAULT 0;
DROP INDEX bulletins_to_claim;
CREATE INDEX bulletins_to_claim
    ON bulletins (stage, awaited DESC, ocr_rank, attempts, published_on DESC, id DESC)
    WHERE failed_at IS NULL;
