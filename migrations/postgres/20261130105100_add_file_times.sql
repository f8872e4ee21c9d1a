-- When a PDF says that it was made and last modified, by the clock of whoever made it: with the offset of
-- that clock where the file tells one (2026-08-13T17:02:00+02:00).
ALTER TABLE documents ADD COLUMN file_created TEXT;
ALTER TABLE documents ADD COLUMN file_modified TEXT;
