-- Acts of a source are counted wherever its state is shown: from an index, not from the acts.
CREATE INDEX acts_counted ON acts (source_code, flagged)
    WHERE removed_at IS NULL AND repeats IS NULL;
