-- Full number and title of an act: a second sign that it stands in another bulletin already. Acts have
-- it once they are cut again.
ALTER TABLE acts ADD COLUMN numbered_title TEXT;
CREATE INDEX acts_by_numbered_title ON acts (source_code, numbered_title)
    WHERE numbered_title IS NOT NULL;
