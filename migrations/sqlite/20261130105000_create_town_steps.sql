-- What towns were asked about surveillance, what they answered, what they voted, kept by the operator:
-- one row a step. `step` is a word of guetteur_model::TownStep.
CREATE TABLE town_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    insee TEXT NOT NULL,
    step TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    says TEXT,
    source TEXT,
    recorded_at TEXT NOT NULL,
    UNIQUE (insee, step, happened_on)
) STRICT;
