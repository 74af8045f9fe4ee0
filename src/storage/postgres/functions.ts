// The changes that are made where the rows are: functions in the database, so that a change of many parts is one
// statement, one round trip and one transaction. A name carries the version of its promise; a new promise is a new
// function beside the old one, which older nodes go on calling.
//
// They count on READ COMMITTED and bear anything stricter: what they cannot settle because another transaction came in
// between, they give up as a serialization failure, and the whole statement is asked again.

/**
 * What `commit_1` answers beside a version, which is above zero. `overtaken` and `neverThere` are lost races: the subject
 * went on from the expected version, or never had it. `busy`: another transaction has the subject now.
 */
export const refusals = {
  overtaken: 0,
  neverThere: -1,
  handleTaken: -2,
  gap: -3,
  placeTaken: -4,
  messageKnown: -5,
  busy: -6,
} as const

/** What `add_checkpoint_1` answers. */
export const checkpointEndings = { added: 1, exists: 0, gap: -1 } as const

/** The functions of schema version 1. `s` is the schema, quoted. */
export const functions = (s: string): string => `
-- Each change begins with this.
CREATE FUNCTION ${s}.begin_change_1() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever asked stops waiting after a while; a backend must not wait for ever in its place. A session left open in a
  -- terminal with a row locked would otherwise use up every connection of the server.
  PERFORM set_config('lock_timeout', '2s', true);
  -- An answer is given after the commit is durable. A guess that a power cut gives back is a guess too many.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
END $$;

-- One commit (see store.ts): its new version, or why it was refused (see functions.ts). Nothing is written before all
-- that can be refused was looked at. \`bytes\` are the bytes of all commits of the statement, one after the other.
-- \`waits\`: for another transaction that has the subject. A group does not: one subject that many nodes want, or that a
-- session left open has locked, would hold up all the others.
CREATE FUNCTION ${s}.commit_1(asked jsonb, bytes bytea, waits boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  its_kind CONSTANT text := asked->>'kind';
  its_id CONSTANT text := asked->>'id';
  its_commit CONSTANT uuid := (asked->>'commit_id')::uuid;
  expects CONSTANT bigint := (asked->>'expects')::bigint;
  its_key CONSTANT text := asked->>'key_id';
  its_body CONSTANT bytea := substring(bytes FROM (asked->>'body_from')::int FOR (asked->>'body_size')::int);
  first_event CONSTANT bigint := (asked->'events'->0->>'sequence')::bigint;
  newest bigint;
  newest_hash bytea;
  head record;
  holder record;
  one record;
  its_key_before text;
BEGIN
  PERFORM ${s}.begin_change_1();
  -- Held to the end: who else wants this subject waits here, and then sees what we did.
  IF waits THEN
    SELECT d.version, d.commit_id, d.key_id IS NOT NULL AS live INTO head
      FROM ${s}.documents d WHERE d.kind = its_kind AND d.id = its_id FOR UPDATE;
  ELSE
    SELECT d.version, d.commit_id, d.key_id IS NOT NULL AS live INTO head
      FROM ${s}.documents d WHERE d.kind = its_kind AND d.id = its_id FOR UPDATE SKIP LOCKED;
    IF NOT FOUND AND EXISTS (SELECT FROM ${s}.documents d WHERE d.kind = its_kind AND d.id = its_id) THEN
      RETURN ${refusals.busy};
    END IF;
  END IF;
  IF head.commit_id = its_commit THEN RETURN head.version; END IF;
  IF (CASE WHEN head.live THEN head.version ELSE 0 END) <> expects THEN
    RETURN CASE WHEN head.version > expects THEN ${refusals.overtaken} ELSE ${refusals.neverThere} END;
  END IF;

  IF first_event IS NOT NULL THEN
    SELECT j.sequence INTO newest FROM ${s}.journal j
      WHERE j.kind = its_kind AND j.id = its_id ORDER BY j.sequence DESC LIMIT 1;
    newest := coalesce(newest, 0);
    IF expects = 0 AND first_event <= newest THEN RETURN ${refusals.overtaken}; END IF;
    IF first_event <> newest + 1 THEN RETURN ${refusals.gap}; END IF;
  END IF;
  FOR one IN SELECT substring(bytes FROM c.index_from FOR 32) AS index
    FROM jsonb_to_recordset(asked->'claims') AS c (index_from int)
  LOOP
    SELECT h.kind, h.id INTO holder FROM ${s}.handles h WHERE h.handle = one.index;
    IF FOUND AND (holder.kind <> its_kind OR holder.id <> its_id) THEN RETURN ${refusals.handleTaken}; END IF;
  END LOOP;
  FOR one IN SELECT substring(bytes FROM j.index_from FOR 32) AS index, j.position, j.member
    FROM jsonb_to_recordset(asked->'joins') AS j (index_from int, position text, member text)
  LOOP
    SELECT m.kind, m.id INTO holder FROM ${s}.memberships m
      WHERE m.gathering = one.index AND m.position = one.position AND m.member = one.member;
    IF FOUND AND (holder.kind <> its_kind OR holder.id <> its_id) THEN RETURN ${refusals.placeTaken}; END IF;
  END LOOP;
  FOR one IN SELECT m.id FROM jsonb_to_recordset(asked->'messages') AS m (id text) LOOP
    IF EXISTS (SELECT FROM ${s}.waiting_messages w WHERE w.id = one.id)
      OR EXISTS (SELECT FROM ${s}.settled_messages w WHERE w.id = one.id) THEN RETURN ${refusals.messageKnown}; END IF;
  END LOOP;

  IF head.version IS NULL THEN
    INSERT INTO ${s}.documents (kind, id, version, commit_id, key_id, body)
      VALUES (its_kind, its_id, 1, its_commit, its_key, its_body) ON CONFLICT (kind, id) DO NOTHING;
    IF NOT FOUND THEN RAISE serialization_failure USING MESSAGE = 'another transaction made the subject first'; END IF;
  ELSE
    UPDATE ${s}.documents SET version = version + 1, commit_id = its_commit, key_id = its_key, body = its_body
      WHERE kind = its_kind AND id = its_id;
  END IF;

  FOR one IN SELECT substring(bytes FROM r.index_from FOR 32) AS index
    FROM jsonb_to_recordset(asked->'releases') AS r (index_from int)
  LOOP
    DELETE FROM ${s}.handles WHERE handle = one.index AND kind = its_kind AND id = its_id;
  END LOOP;
  FOR one IN SELECT substring(bytes FROM l.index_from FOR 32) AS index, l.position, l.member
    FROM jsonb_to_recordset(asked->'leaves') AS l (index_from int, position text, member text)
  LOOP
    DELETE FROM ${s}.memberships m WHERE m.gathering = one.index AND m.position = one.position
      AND m.member = one.member AND m.kind = its_kind AND m.id = its_id;
  END LOOP;
  FOR one IN SELECT substring(bytes FROM c.index_from FOR 32) AS index, c.key_id
    FROM jsonb_to_recordset(asked->'claims') AS c (index_from int, key_id text)
  LOOP
    INSERT INTO ${s}.handles (handle, key_id, kind, id) VALUES (one.index, one.key_id, its_kind, its_id)
      ON CONFLICT (handle) DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (
      SELECT FROM ${s}.handles h WHERE h.handle = one.index AND h.kind = its_kind AND h.id = its_id
    ) THEN RAISE serialization_failure USING MESSAGE = 'another transaction took the handle first'; END IF;
  END LOOP;
  FOR one IN SELECT substring(bytes FROM j.index_from FOR 32) AS index, j.position, j.member, j.key_id
    FROM jsonb_to_recordset(asked->'joins') AS j (index_from int, position text, member text, key_id text)
  LOOP
    INSERT INTO ${s}.memberships (gathering, position, member, key_id, kind, id)
      VALUES (one.index, one.position, one.member, one.key_id, its_kind, its_id)
      ON CONFLICT (gathering, position, member) DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (
      SELECT FROM ${s}.memberships m WHERE m.gathering = one.index AND m.position = one.position
        AND m.member = one.member AND m.kind = its_kind AND m.id = its_id
    ) THEN RAISE serialization_failure USING MESSAGE = 'another transaction took the place first'; END IF;
  END LOOP;
  IF its_key IS NULL THEN
    -- Nothing finds a subject's handles but their key and its name together: one index serves this and rotation. There
    -- are few keys, and each is found by a leap from the one before it.
    its_key_before := '';
    LOOP
      SELECT h.key_id INTO its_key_before FROM ${s}.handles h
        WHERE h.key_id > its_key_before ORDER BY h.key_id LIMIT 1;
      EXIT WHEN NOT FOUND;
      DELETE FROM ${s}.handles h WHERE h.key_id = its_key_before AND h.kind = its_kind AND h.id = its_id;
    END LOOP;
    its_key_before := '';
    LOOP
      SELECT m.key_id INTO its_key_before FROM ${s}.memberships m
        WHERE m.key_id > its_key_before ORDER BY m.key_id LIMIT 1;
      EXIT WHEN NOT FOUND;
      DELETE FROM ${s}.memberships m WHERE m.key_id = its_key_before AND m.kind = its_kind AND m.id = its_id;
    END LOOP;
  END IF;

  FOR one IN SELECT e.sequence, e.at, e.key_id, substring(bytes FROM e.body_from FOR e.body_size) AS body,
      substring(bytes FROM e.hash_from FOR e.hash_size) AS hash
    FROM jsonb_to_recordset(asked->'events') AS e
      (sequence bigint, at bigint, key_id text, body_from int, body_size int, hash_from int, hash_size int)
  LOOP
    INSERT INTO ${s}.journal (kind, id, sequence, at, key_id, body, hash)
      VALUES (its_kind, its_id, one.sequence, one.at, one.key_id, one.body, one.hash);
    newest := one.sequence;
    newest_hash := one.hash;
  END LOOP;
  IF first_event IS NOT NULL THEN
    INSERT INTO ${s}.uncovered_heads AS u (kind, id, sequence, hash) VALUES (its_kind, its_id, newest, newest_hash)
      ON CONFLICT (kind, id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash;
  END IF;
  FOR one IN SELECT m.id, m.due, m.expires, m.key_id, substring(bytes FROM m.body_from FOR m.body_size) AS body
    FROM jsonb_to_recordset(asked->'messages') AS m
      (id text, due bigint, expires bigint, key_id text, body_from int, body_size int)
  LOOP
    INSERT INTO ${s}.waiting_messages (id, due, expires, ready, attempt, key_id, body)
      VALUES (one.id, one.due, one.expires, one.due, 0, one.key_id, one.body);
  END LOOP;
  RETURN coalesce(head.version, 0) + 1;
END $$;

-- Settles messages, in the order given. One that does not wait is passed over.
CREATE FUNCTION ${s}.settle_1(settlements jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
  gone ${s}.waiting_messages;
BEGIN
  PERFORM ${s}.begin_change_1();
  FOR one IN SELECT * FROM jsonb_to_recordset(settlements) AS t
    (id text, state text, at bigint, due bigint, keep_until bigint, reason text)
  LOOP
    IF one.state = 'again' THEN
      UPDATE ${s}.waiting_messages w SET due = one.due, ready = one.due WHERE w.id = one.id;
      CONTINUE;
    END IF;
    DELETE FROM ${s}.waiting_messages w WHERE w.id = one.id RETURNING w.* INTO gone;
    IF FOUND AND (one.state = 'dead' OR one.keep_until IS NOT NULL) THEN
      INSERT INTO ${s}.settled_messages (id, due, expires, key_id, body, state, settled_at, keep_until, reason)
        VALUES (gone.id, gone.due, gone.expires, gone.key_id, gone.body, one.state, one.at, one.keep_until, one.reason);
    END IF;
  END LOOP;
END $$;

-- Drops up to \`most\` handles and memberships whose key is not in \`keep\`; answers how many went.
CREATE FUNCTION ${s}.drop_handles_1(keep text[], most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  dropped bigint := 0;
  its_key text;
  one record;
BEGIN
  PERFORM ${s}.begin_change_1();
  its_key := '';
  LOOP
    SELECT h.key_id INTO its_key FROM ${s}.handles h WHERE h.key_id > its_key ORDER BY h.key_id LIMIT 1;
    EXIT WHEN NOT FOUND;
    CONTINUE WHEN its_key = ANY (keep);
    FOR one IN SELECT h.handle FROM ${s}.handles h WHERE h.key_id = its_key LIMIT most - dropped LOOP
      DELETE FROM ${s}.handles h WHERE h.handle = one.handle;
      IF FOUND THEN dropped := dropped + 1; END IF;
    END LOOP;
  END LOOP;
  its_key := '';
  LOOP
    SELECT m.key_id INTO its_key FROM ${s}.memberships m WHERE m.key_id > its_key ORDER BY m.key_id LIMIT 1;
    EXIT WHEN NOT FOUND;
    CONTINUE WHEN its_key = ANY (keep);
    FOR one IN SELECT m.gathering, m.position, m.member FROM ${s}.memberships m
      WHERE m.key_id = its_key LIMIT most - dropped
    LOOP
      DELETE FROM ${s}.memberships m
        WHERE m.gathering = one.gathering AND m.position = one.position AND m.member = one.member;
      IF FOUND THEN dropped := dropped + 1; END IF;
    END LOOP;
  END LOOP;
  RETURN dropped;
END $$;

-- Adds a checkpoint and covers its heads, which come in key order, as commits do: so neither waits for the other in a
-- circle. A head that moved on stays.
CREATE FUNCTION ${s}.add_checkpoint_1(asked bigint, bytes bytea, heads jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last bigint;
  one record;
BEGIN
  PERFORM ${s}.begin_change_1();
  SELECT c.number INTO last FROM ${s}.checkpoints c ORDER BY c.number DESC LIMIT 1;
  last := coalesce(last, 0);
  IF asked <= last THEN RETURN ${checkpointEndings.exists}; END IF;
  IF asked <> last + 1 THEN RETURN ${checkpointEndings.gap}; END IF;
  INSERT INTO ${s}.checkpoints (number, body) VALUES (asked, bytes) ON CONFLICT (number) DO NOTHING;
  IF NOT FOUND THEN RETURN ${checkpointEndings.exists}; END IF;
  FOR one IN SELECT * FROM jsonb_to_recordset(heads) AS h (kind text, id text, sequence bigint) LOOP
    DELETE FROM ${s}.uncovered_heads u WHERE u.kind = one.kind AND u.id = one.id AND u.sequence = one.sequence;
  END LOOP;
  RETURN ${checkpointEndings.added};
END $$;
`
