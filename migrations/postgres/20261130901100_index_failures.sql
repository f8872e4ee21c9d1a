-- What fails is asked for each minute: the last pass of each outcome, and what was given up.
CREATE INDEX passes_in_order ON passes (source_code, status, id);
CREATE INDEX bulletins_given_up ON bulletins (failed_at) WHERE failed_at IS NOT NULL;
