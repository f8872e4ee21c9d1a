-- A row that every writer locks until it commits lets one of them write at a time. Numbers come from a
-- sequence instead, and whoever holds some that are not committed yet says from which on, by a shared
-- lock that ends with the transaction: its key is the sequence and the first of the numbers.
CREATE SEQUENCE act_revision AS BIGINT MINVALUE 0 START 0;
SELECT setval('act_revision', value) FROM counters WHERE name = 'act_revision';
DROP TABLE counters;

-- Gives the first of `many` numbers that follow each other. Two locks, since a reader must never see a
-- number given out without the lock that says so: the one on number 0, which none has, is let go at once.
CREATE FUNCTION take_act_revisions(many BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    keys BIGINT := 'act_revision'::regclass::oid::bigint << 32;
    first BIGINT;
BEGIN
    PERFORM pg_advisory_lock(keys);
    SELECT last_value + 1 INTO first FROM act_revision;
    PERFORM pg_advisory_xact_lock_shared(keys | first);
    PERFORM setval('act_revision', first + many - 1);
    PERFORM pg_advisory_unlock(keys);
    RETURN first;
END $$;

-- The last number up to which everything is committed, or given back. What a later statement reads up to
-- there is complete. The sequence is read before the locks: what is given out in between lies above.
CREATE FUNCTION settled_act_revision() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    last BIGINT;
    open BIGINT;
BEGIN
    SELECT last_value INTO last FROM act_revision;
    SELECT min(objid::bigint) INTO open FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 'act_revision'::regclass::oid AND objsubid = 1 AND objid <> 0
      AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN LEAST(last, open - 1);
END $$;
