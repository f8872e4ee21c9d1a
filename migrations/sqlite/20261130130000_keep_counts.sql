-- What pages count is kept, not counted: triggers note each change, and from time to time the changes
-- are added up. A figure is its row of `source_counts` and all rows of `source_count_changes`, which
-- nobody waits for: each is a row of its own. `listed` grows with each change of a number, a title or a
-- day that the source lists. Documents belong to no source: their code is empty.
CREATE TABLE source_counts (
    source_code TEXT NOT NULL PRIMARY KEY,
    bulletins INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    pages INTEGER NOT NULL
) STRICT;

CREATE TABLE source_count_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_code TEXT NOT NULL,
    bulletins INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    listed INTEGER NOT NULL DEFAULT 0,
    acts INTEGER NOT NULL DEFAULT 0,
    flagged INTEGER NOT NULL DEFAULT 0,
    documents INTEGER NOT NULL DEFAULT 0,
    pages INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER acts_come AFTER INSERT ON acts
WHEN NEW.removed_at IS NULL AND NEW.repeats IS NULL
BEGIN
    INSERT INTO source_count_changes (source_code, acts, flagged)
    VALUES (NEW.source_code, 1, NEW.flagged);
END;

CREATE TRIGGER acts_change AFTER UPDATE OF source_code, flagged, removed_at, repeats ON acts
WHEN OLD.source_code <> NEW.source_code OR OLD.flagged <> NEW.flagged
    OR (OLD.removed_at IS NULL AND OLD.repeats IS NULL)
        <> (NEW.removed_at IS NULL AND NEW.repeats IS NULL)
BEGIN
    INSERT INTO source_count_changes (source_code, acts, flagged)
    SELECT OLD.source_code, -1, -OLD.flagged WHERE OLD.removed_at IS NULL AND OLD.repeats IS NULL
    UNION ALL
    SELECT NEW.source_code, 1, NEW.flagged WHERE NEW.removed_at IS NULL AND NEW.repeats IS NULL;
END;

CREATE TRIGGER acts_go AFTER DELETE ON acts
WHEN OLD.removed_at IS NULL AND OLD.repeats IS NULL
BEGIN
    INSERT INTO source_count_changes (source_code, acts, flagged)
    VALUES (OLD.source_code, -1, -OLD.flagged);
END;

CREATE TRIGGER bulletins_come AFTER INSERT ON bulletins
BEGIN
    INSERT INTO source_count_changes (source_code, bulletins, pending, failed, listed)
    VALUES (NEW.source_code, 1, NEW.stage <> 'flagged' AND NEW.failed_at IS NULL,
        NEW.failed_at IS NOT NULL, 1);
END;

CREATE TRIGGER bulletins_change
AFTER UPDATE OF source_code, stage, failed_at, number, series, title, published_on ON bulletins
WHEN OLD.source_code <> NEW.source_code
    OR (OLD.stage <> 'flagged') <> (NEW.stage <> 'flagged')
    OR (OLD.failed_at IS NULL) <> (NEW.failed_at IS NULL)
    OR OLD.number IS NOT NEW.number OR OLD.series IS NOT NEW.series
    OR OLD.title <> NEW.title OR OLD.published_on IS NOT NEW.published_on
BEGIN
    INSERT INTO source_count_changes (source_code, bulletins, pending, failed, listed)
    VALUES
        (OLD.source_code, -1, -(OLD.stage <> 'flagged' AND OLD.failed_at IS NULL),
            -(OLD.failed_at IS NOT NULL), 1),
        (NEW.source_code, 1, NEW.stage <> 'flagged' AND NEW.failed_at IS NULL,
            NEW.failed_at IS NOT NULL, 1);
END;

CREATE TRIGGER bulletins_go AFTER DELETE ON bulletins
BEGIN
    INSERT INTO source_count_changes (source_code, bulletins, pending, failed, listed)
    VALUES (OLD.source_code, -1, -(OLD.stage <> 'flagged' AND OLD.failed_at IS NULL),
        -(OLD.failed_at IS NOT NULL), 1);
END;

CREATE TRIGGER documents_come AFTER INSERT ON documents
BEGIN
    INSERT INTO source_count_changes (source_code, documents, pages)
    VALUES ('', 1, COALESCE(NEW.page_count, 0));
END;

CREATE TRIGGER documents_change AFTER UPDATE OF page_count ON documents
WHEN OLD.page_count IS NOT NEW.page_count
BEGIN
    INSERT INTO source_count_changes (source_code, pages)
    VALUES ('', COALESCE(NEW.page_count, 0) - COALESCE(OLD.page_count, 0));
END;

CREATE TRIGGER documents_go AFTER DELETE ON documents
BEGIN
    INSERT INTO source_count_changes (source_code, documents, pages)
    VALUES ('', -1, -COALESCE(OLD.page_count, 0));
END;

INSERT INTO source_counts
SELECT source_code, sum(bulletins), sum(pending), sum(failed), sum(bulletins), sum(acts),
    sum(flagged), sum(documents), sum(pages)
FROM (
    SELECT source_code, 1 AS bulletins, stage <> 'flagged' AND failed_at IS NULL AS pending,
        failed_at IS NOT NULL AS failed, 0 AS acts, 0 AS flagged, 0 AS documents, 0 AS pages
    FROM bulletins
    UNION ALL
    SELECT source_code, 0, 0, 0, 1, flagged, 0, 0 FROM acts
    WHERE removed_at IS NULL AND repeats IS NULL
    UNION ALL
    SELECT '', 0, 0, 0, 0, 0, 1, COALESCE(page_count, 0) FROM documents
)
GROUP BY source_code;

-- Counted from here until now; nothing else reads it.
DROP INDEX acts_counted;

-- Since when a source has been known to list anything new.
CREATE INDEX bulletins_by_discovery ON bulletins (source_code, first_seen_at);
-- The two ways to a bulletin are compared where both were gone: from these alone.
CREATE INDEX bulletins_only_indexed ON bulletins (source_code) WHERE listed_at IS NULL;
CREATE INDEX bulletins_of_index ON bulletins (source_code, published_on) WHERE indexed_at IS NOT NULL;
CREATE INDEX bulletins_only_listed ON bulletins (source_code, published_on) WHERE indexed_at IS NULL;

-- What figures count, in the order in which it changed: some acts in a hundred.
CREATE INDEX acts_in_figures ON acts (revision)
    WHERE (flagged AND removed_at IS NULL AND repeats IS NULL) OR alert IS NOT NULL;
