-- Passages that the operator masks: the site, feeds, exports and the index show a bar instead. The
-- archive and `pages` keep the words.
CREATE TABLE masks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act_id INTEGER NOT NULL REFERENCES acts (id),
    passage TEXT NOT NULL,
    reason TEXT,
    keeps_pdf INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX masks_by_act ON masks (act_id);
