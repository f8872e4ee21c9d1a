-- When new versions of its PDF changed what is said of an act: [{at, former}], first to last.
ALTER TABLE acts ADD COLUMN pdf_changes TEXT;
-- Who was told of an act: looked up by the acts that changed.
CREATE INDEX told_acts_by_act ON told_acts (act_id);
