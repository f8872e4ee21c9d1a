-- Time spent on recognising the pages of each day.
ALTER TABLE ocr_days ADD COLUMN duration_ms INTEGER NOT NULL DEFAULT 0;
