-- The texts that were stored before texts were packed: few, and none once all are packed.
CREATE INDEX pages_to_pack ON pages (document_sha256) WHERE plain_text <> '';
