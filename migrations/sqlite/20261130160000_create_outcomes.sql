-- What courts decided about acts, recorded by the operator: one row a decision and act. `ruling` and
-- `ground` are words of guetteur_model::Ruling and Ground.
CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act_id INTEGER NOT NULL REFERENCES acts (id),
    court TEXT NOT NULL,
    number TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    ruling TEXT NOT NULL,
    ground TEXT,
    source TEXT,
    note TEXT,
    recorded_at TEXT NOT NULL,
    UNIQUE (act_id, court, number)
) STRICT;
CREATE INDEX outcomes_by_record ON outcomes (recorded_at);
