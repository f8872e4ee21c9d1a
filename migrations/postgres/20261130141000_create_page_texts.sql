-- The texts of pages, packed: those of up to 32 neighbouring pages of a document in one block. What was
-- read before has its text in `pages.plain_text` until it is packed, in batches, while Guetteur runs.
-- The column's new name makes a program that knows nothing of blocks fail, rather than read an empty text.
CREATE TABLE page_texts (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    first_page BIGINT NOT NULL,
    last_page BIGINT NOT NULL,
    packed BYTEA NOT NULL,
    PRIMARY KEY (document_sha256, first_page)
);
-- It is compressed already.
ALTER TABLE page_texts ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE pages RENAME COLUMN text TO plain_text;
