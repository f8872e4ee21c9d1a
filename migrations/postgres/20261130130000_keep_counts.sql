-- What pages count is kept, not counted: triggers note each change, and from time to time the changes
-- are added up. A figure is its row of `source_counts` and all rows of `source_count_changes`, which
-- nobody waits for: each is a row of its own. `listed` grows with each change of a number, a title or a
-- day that the source lists. Documents belong to no source: their code is empty.
CREATE TABLE source_counts (
    source_code TEXT NOT NULL PRIMARY KEY,
    bulletins BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    listed BIGINT NOT NULL,
    acts BIGINT NOT NULL,
    flagged BIGINT NOT NULL,
    documents BIGINT NOT NULL,
    pages BIGINT NOT NULL
);

CREATE TABLE source_count_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_code TEXT NOT NULL,
    bulletins BIGINT NOT NULL DEFAULT 0,
    pending BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    listed BIGINT NOT NULL DEFAULT 0,
    acts BIGINT NOT NULL DEFAULT 0,
    flagged BIGINT NOT NULL DEFAULT 0,
    documents BIGINT NOT NULL DEFAULT 0,
    pages BIGINT NOT NULL DEFAULT 0
);

CREATE FUNCTION count_act(source TEXT, flagged BOOLEAN, direction INTEGER) RETURNS void AS $$
    INSERT INTO source_count_changes (source_code, acts, flagged)
    VALUES (source, direction, direction * flagged::INTEGER);
$$ LANGUAGE sql;

CREATE FUNCTION count_bulletin(
    source TEXT, stage TEXT, failed_at TIMESTAMPTZ, direction INTEGER
) RETURNS void AS $$
    INSERT INTO source_count_changes (source_code, bulletins, pending, failed, listed)
    VALUES (source, direction,
        direction * (stage <> 'flagged' AND failed_at IS NULL)::INTEGER,
        direction * (failed_at IS NOT NULL)::INTEGER, 1);
$$ LANGUAGE sql;

CREATE FUNCTION count_document(documents INTEGER, pages BIGINT) RETURNS void AS $$
    INSERT INTO source_count_changes (source_code, documents, pages)
    VALUES ('', documents, pages);
$$ LANGUAGE sql;

CREATE FUNCTION count_acts() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.removed_at IS NULL AND OLD.repeats IS NULL THEN
        PERFORM count_act(OLD.source_code, OLD.flagged, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.removed_at IS NULL AND NEW.repeats IS NULL THEN
        PERFORM count_act(NEW.source_code, NEW.flagged, 1);
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER acts_come_and_go AFTER INSERT OR DELETE ON acts
    FOR EACH ROW EXECUTE FUNCTION count_acts();
CREATE TRIGGER acts_change AFTER UPDATE OF source_code, flagged, removed_at, repeats ON acts
    FOR EACH ROW
    WHEN (OLD.source_code <> NEW.source_code OR OLD.flagged <> NEW.flagged
        OR (OLD.removed_at IS NULL AND OLD.repeats IS NULL)
            <> (NEW.removed_at IS NULL AND NEW.repeats IS NULL))
    EXECUTE FUNCTION count_acts();

CREATE FUNCTION count_bulletins() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM count_bulletin(OLD.source_code, OLD.stage, OLD.failed_at, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM count_bulletin(NEW.source_code, NEW.stage, NEW.failed_at, 1);
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER bulletins_come_and_go AFTER INSERT OR DELETE ON bulletins
    FOR EACH ROW EXECUTE FUNCTION count_bulletins();
CREATE TRIGGER bulletins_change
    AFTER UPDATE OF source_code, stage, failed_at, number, series, title, published_on ON bulletins
    FOR EACH ROW
    WHEN (OLD.source_code <> NEW.source_code
        OR (OLD.stage <> 'flagged') <> (NEW.stage <> 'flagged')
        OR (OLD.failed_at IS NULL) <> (NEW.failed_at IS NULL)
        OR OLD.number IS DISTINCT FROM NEW.number OR OLD.series IS DISTINCT FROM NEW.series
        OR OLD.title <> NEW.title OR OLD.published_on IS DISTINCT FROM NEW.published_on)
    EXECUTE FUNCTION count_bulletins();

CREATE FUNCTION count_documents() RETURNS trigger AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM count_document(-1, -COALESCE(OLD.page_count, 0)::BIGINT);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM count_document(1, COALESCE(NEW.page_count, 0)::BIGINT);
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER documents_come_and_go AFTER INSERT OR DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION count_documents();
CREATE TRIGGER documents_change AFTER UPDATE OF page_count ON documents
    FOR EACH ROW WHEN (OLD.page_count IS DISTINCT FROM NEW.page_count)
    EXECUTE FUNCTION count_documents();

INSERT INTO source_counts
SELECT source_code, sum(bulletins), sum(pending), sum(failed), sum(bulletins), sum(acts),
    sum(flagged), sum(documents), sum(pages)
FROM (
    SELECT source_code, 1 AS bulletins,
        (stage <> 'flagged' AND failed_at IS NULL)::INTEGER AS pending,
        (failed_at IS NOT NULL)::INTEGER AS failed, 0 AS acts, 0 AS flagged, 0 AS documents,
        0::BIGINT AS pages
    FROM bulletins
    UNION ALL
    SELECT source_code, 0, 0, 0, 1, flagged::INTEGER, 0, 0 FROM acts
    WHERE removed_at IS NULL AND repeats IS NULL
    UNION ALL
    SELECT '', 0, 0, 0, 0, 0, 1, COALESCE(page_count, 0) FROM documents
) AS counted
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
