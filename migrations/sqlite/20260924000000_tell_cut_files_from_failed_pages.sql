-- The file ends too soon, or has more pages than are read: said of a document whatever becomes of its
-- pages. Its status follows from this and from its pages.
ALTER TABLE documents ADD COLUMN cut_short INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET cut_short = 1 WHERE note LIKE '%fichier tronqué%'
    OR note LIKE '%pages non lues%' OR note LIKE '%lecture abandonnée%';

-- Pages that had failed were recognised since, and the status was left as it was.
UPDATE documents SET status = 'read' WHERE status = 'partial' AND cut_short = 0
    AND page_count = (SELECT count(*) FROM pages WHERE document_sha256 = sha256)
    AND NOT EXISTS (SELECT 1 FROM pages WHERE document_sha256 = sha256 AND method = 'failed');
