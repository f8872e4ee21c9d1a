-- Words that a PDF holds and that its pages do not show: under a bar, white on white, beside the page.
-- Kept for the operator alone: no text, fact, search or export reads them.
CREATE TABLE hidden_words (
    document_sha256 TEXT NOT NULL REFERENCES documents (sha256),
    page INTEGER NOT NULL,
    words INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document_sha256, page)
);
