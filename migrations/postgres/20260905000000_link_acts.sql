-- What each act can be looked up by in its source, and the acts that it changes, by the same keys.
CREATE TABLE act_keys (
    act_id BIGINT NOT NULL REFERENCES acts (id),
    source_code TEXT NOT NULL,
    act_key TEXT NOT NULL,
    PRIMARY KEY (act_id, act_key)
);
CREATE INDEX act_keys_by_key ON act_keys (source_code, act_key, act_id);

CREATE TABLE act_references (
    act_id BIGINT NOT NULL REFERENCES acts (id),
    source_code TEXT NOT NULL,
    act_key TEXT NOT NULL,
    PRIMARY KEY (act_id, act_key)
);
CREATE INDEX act_references_by_key ON act_references (source_code, act_key, act_id);

-- The same act in two bulletins of a source has the same `sameness`; all but the first repeat it.
ALTER TABLE acts ADD COLUMN sameness TEXT;
ALTER TABLE acts ADD COLUMN repeats BIGINT REFERENCES acts (id);
CREATE INDEX acts_by_sameness ON acts (source_code, sameness) WHERE sameness IS NOT NULL;
CREATE INDEX acts_by_original ON acts (repeats) WHERE repeats IS NOT NULL;
