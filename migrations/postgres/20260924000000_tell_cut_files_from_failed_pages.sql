-- The file ends too soon, or has more pages than are read: said of a document whatever becomes of its
-- pages. Its status follows from this and from its pages.
ALTER TABLE documents ADD COLUMN cut_short BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE documents SET cut_short = TRUE WHERE note LIKE '%fichier tronqué%'
    OR note LIKE '%pages non lues%' OR note LIKE '%lecture abandonnée%';

-- Pages that had failed were recognised since, and the status was left as it was.
UPDATE documents SET status = 'read' WHERE status = 'partial' AND NOT cut_short
    AND page_count = (SELECT count(*) FROM pages WHERE document_sha256 = sha256)
    AND NOT EXISTS (SELECT 1 FROM pages WHERE document_sha256 = sha256 AND method = 'failed');
