// A group of commits in a handful of statements, however many they are: what the functions of schema version 2 promise.
//
//   asked ──▶ plain ones, all at once ──▶ settled ──┐
//     │            └── did not fit ──┐              ├──▶ endings, in the order asked
//     └── all others ────────────────┴▶ one by one ─┘
//
// Plain is a commit that changes a document which is there, at the version it expects, and moves no handle and no place:
// nearly all are. One that does not fit is not judged here: `commit_1` looks at it alone and says why.

/** The functions of schema version 2. `s` is the schema, quoted. */
export const groupFunction = (s: string): string => `
-- Commits of one statement (see functions.ts for \`asked\`, \`bytes\` and \`waits\`): one ending each, in the order asked, as
-- \`commit_1\` answers it.
CREATE FUNCTION ${s}.commit_2(asked jsonb, bytes bytea, waits boolean) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  endings bigint[];
BEGIN
  PERFORM ${s}.begin_change_1();
  IF NOT waits THEN
    WITH plain AS MATERIALIZED (
      SELECT a.* FROM ROWS FROM (
        jsonb_to_recordset(asked) AS (
          kind text, id text, expects bigint, commit_id uuid, key_id text, body_from int, body_size int,
          claims jsonb, releases jsonb, joins jsonb, leaves jsonb, events jsonb, messages jsonb
        )
      ) WITH ORDINALITY AS a (
        kind, id, expects, commit_id, key_id, body_from, body_size,
        claims, releases, joins, leaves, events, messages, place
      )
      WHERE a.key_id IS NOT NULL AND coalesce(a.claims, a.releases, a.joins, a.leaves) IS NULL
    ), held AS MATERIALIZED (
      -- Row by row in the order asked, which is that of the keys: so groups of two nodes never wait in a circle. What
      -- another transaction has is stepped over.
      SELECT p.*, d.row FROM plain p CROSS JOIN LATERAL (
        SELECT d.ctid AS row FROM ${s}.documents d
          WHERE d.kind = p.kind AND d.id = p.id AND d.version = p.expects AND d.key_id IS NOT NULL
          FOR UPDATE SKIP LOCKED
      ) d
    ), fits AS MATERIALIZED (
      SELECT h.* FROM held h
      WHERE (h.events IS NULL OR (h.events->0->>'sequence')::bigint = 1 + coalesce((
          SELECT j.sequence FROM ${s}.journal j WHERE j.kind = h.kind AND j.id = h.id ORDER BY j.sequence DESC LIMIT 1
        ), 0))
        AND (h.messages IS NULL OR NOT EXISTS (
          SELECT FROM jsonb_to_recordset(h.messages) AS m (id text)
          WHERE EXISTS (SELECT FROM ${s}.waiting_messages w WHERE w.id = m.id)
            OR EXISTS (SELECT FROM ${s}.settled_messages w WHERE w.id = m.id)
        ))
    ), written AS (
      UPDATE ${s}.documents d
        SET version = d.version + 1, commit_id = f.commit_id, key_id = f.key_id,
          body = substring(bytes FROM f.body_from FOR f.body_size)
        FROM fits f WHERE d.ctid = f.row
        RETURNING f.place, d.version, f.kind, f.id, f.events, f.messages
    ), happened AS (
      SELECT w.kind, w.id, e.sequence, e.at, e.key_id,
        substring(bytes FROM e.body_from FOR e.body_size) AS body,
        substring(bytes FROM e.hash_from FOR e.hash_size) AS hash,
        e.sequence = (w.events->-1->>'sequence')::bigint AS newest
      FROM written w CROSS JOIN LATERAL jsonb_to_recordset(w.events) AS e
        (sequence bigint, at bigint, key_id text, body_from int, body_size int, hash_from int, hash_size int)
    ), journal AS (
      INSERT INTO ${s}.journal (kind, id, sequence, at, key_id, body, hash)
        SELECT h.kind, h.id, h.sequence, h.at, h.key_id, h.body, h.hash FROM happened h
    ), heads AS (
      INSERT INTO ${s}.uncovered_heads AS u (kind, id, sequence, hash)
        SELECT h.kind, h.id, h.sequence, h.hash FROM happened h WHERE h.newest
        ON CONFLICT (kind, id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
    ), outbox AS (
      INSERT INTO ${s}.waiting_messages (id, due, expires, ready, attempt, key_id, body)
        SELECT m.id, m.due, m.expires, m.due, 0, m.key_id, substring(bytes FROM m.body_from FOR m.body_size)
        FROM written w CROSS JOIN LATERAL jsonb_to_recordset(w.messages) AS m
          (id text, due bigint, expires bigint, key_id text, body_from int, body_size int)
    )
    SELECT array_agg(w.version ORDER BY a.place) INTO endings
      FROM generate_series(1, jsonb_array_length(asked)) AS a (place) LEFT JOIN written w ON w.place = a.place;
  END IF;
  FOR at IN 1 .. jsonb_array_length(asked) LOOP
    RETURN NEXT coalesce(endings[at], ${s}.commit_1(asked->(at - 1), bytes, waits));
  END LOOP;
END $$;
`
