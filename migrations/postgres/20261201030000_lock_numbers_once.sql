-- A lock for each number that a transaction takes fills the server's table of locks, which all share: the
-- first is enough, since those that follow are above it. What holds one says so in a setting that goes
-- with the transaction, as the lock does. Whatever fails in between, the lock on number 0 is let go. Of a
-- number that has more than 32 bits the lower ones are locked, and 0 among these is passed over.
CREATE OR REPLACE FUNCTION take_act_revisions(many BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    keys BIGINT := 'act_revision'::regclass::oid::bigint << 32;
    low BIGINT := 4294967295;
    holds BOOLEAN := COALESCE(current_setting('guetteur.holds_revisions', TRUE), '') = 'yes';
    first BIGINT;
BEGIN
    PERFORM pg_advisory_lock(keys);
    BEGIN
        SELECT last_value + 1 INTO first FROM act_revision;
        IF NOT holds THEN
            first := first + (first & low = 0)::int;
            PERFORM pg_advisory_xact_lock_shared(keys | (first & low));
            PERFORM set_config('guetteur.holds_revisions', 'yes', TRUE);
        END IF;
        PERFORM setval('act_revision', first + many - 1);
    EXCEPTION WHEN query_canceled OR OTHERS THEN
        PERFORM pg_advisory_unlock(keys);
        RAISE;
    END;
    PERFORM pg_advisory_unlock(keys);
    RETURN first;
END $$;

-- As before; a lock names the number with these lower bits that is nearest to the last one.
CREATE OR REPLACE FUNCTION settled_act_revision() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    low BIGINT := 4294967295;
    half BIGINT := 2147483648;
    last BIGINT;
    open BIGINT;
BEGIN
    SELECT last_value INTO last FROM act_revision;
    SELECT last + half - max((last - objid::bigint + half) & low) INTO open FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 'act_revision'::regclass::oid AND objsubid = 1 AND objid <> 0
      AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN LEAST(last, open - 1);
END $$;

-- Goes on after every number that this database knows: rows may have come without the sequence, as when
-- some tables alone are restored, and a lower number would be told to nobody.
CREATE FUNCTION continue_act_revisions() RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    known BIGINT;
BEGIN
    PERFORM pg_advisory_xact_lock('act_revision'::regclass::oid::bigint << 32);
    SELECT GREATEST((SELECT max(revision) FROM acts), (SELECT max(told_revision) FROM subscriptions))
    INTO known;
    PERFORM setval('act_revision', known) FROM act_revision WHERE last_value < known;
END $$;

-- Which life of a database its numbers belong to: another one where a dump is restored, where a server is
-- set back in time, or where a standby takes over, which may lack the last changes. There, a number may
-- mean another change than it did.
CREATE FUNCTION act_lineage() RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    life TEXT;
BEGIN
    SELECT system_identifier || '-' || timeline_id INTO life
    FROM pg_control_system(), pg_control_checkpoint();
    RETURN life || '-' || 'act_revision'::regclass::oid;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'act_revision'::regclass::oid::text;
END $$;
