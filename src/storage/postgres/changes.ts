// Every change but a commit: the outbox, rotation, checkpoints and the readiness check. Each is one statement, and can
// be sent again when its answer was lost: what it did then is found done, or does no harm twice.

import type { Milliseconds } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { assertLimit, assertNextCheckpoint, assertSettlements, compareSubjects, compareText } from '../commit-rules.ts'
import type { OutboxRow, Settlement, Store, StoredCheckpoint, TakenMessage } from '../store.ts'
import { type Connections, persist } from './connections.ts'
import { checkpointEndings } from './functions.ts'
import { statement } from './statement.ts'

export type Changes = Pick<
  Store,
  'takeMessages' | 'settleMessages' | 'dropKeptMessages' | 'dropHandles' | 'addCheckpoint' | 'probe'
>

/** Sent messages that one statement drops. */
const droppedAtOnce = 1_000

/** Changes over `connections`. `s` is the schema, quoted. */
export function openChanges({ ask, askOnce }: Connections, s: string, patience: Milliseconds): Changes {
  const statements = changes(s)
  let adding: Promise<unknown> = Promise.resolve()

  async function addCheckpoint(
    { number, body }: StoredCheckpoint,
    heads: Parameters<Store['addCheckpoint']>[1],
  ): Promise<boolean> {
    // Also when nothing is added: a head that is none is a bug at any number.
    assertNextCheckpoint(number, number - 1, heads)
    const inOrder = heads.toSorted((one, other) => compareSubjects(one.subject, other.subject))
    const covered = JSON.stringify(inOrder.map(({ subject, sequence }) => ({ ...subject, sequence })))
    return await persist(patience, async lost => {
      const [answer] = await askOnce(statements.addCheckpoint, [number, Buffer.from(body), covered])
      assert(answer?.ending !== checkpointEndings.gap, 'checkpoints are numbered without a gap')
      if (answer?.ending !== checkpointEndings.exists || !lost) return answer?.ending === checkpointEndings.added
      // The one that is there may be ours, added when the connection broke.
      const [there] = await askOnce(statements.checkpoint, [number])
      return there !== undefined && Buffer.compare(there.body, body) === 0
    })
  }

  return {
    async takeMessages(now, leaseUntil, limit) {
      assertLimit(limit)
      const taken = await ask(statements.takeMessages, [now, leaseUntil, limit])
      return taken.toSorted((a, b) => a.due - b.due || compareText(a.id, b.id))
    },

    async settleMessages(settlements) {
      assertSettlements(settlements)
      if (settlements.length === 0) return
      // In the order of their ids, so that two nodes never wait for each other in a circle; those of one message stay in
      // the order they came in.
      const inOrder = settlements.toSorted((one, other) => compareText(one.id, other.id))
      await ask(statements.settleMessages, [
        JSON.stringify(inOrder.map(({ id, settlement }) => settledAs(id, settlement))),
      ])
    },

    async dropKeptMessages(now) {
      for (let dropped = droppedAtOnce; dropped === droppedAtOnce; ) {
        dropped = (await ask(statements.dropKeptMessages, [now, droppedAtOnce])).length
      }
    },

    async dropHandles(keep, limit) {
      assertLimit(limit)
      return (await ask(statements.dropHandles, [[...keep], limit]))[0]?.dropped ?? 0
    },

    async addCheckpoint(checkpoint, heads) {
      // One after the other, in the order asked: of two with the same number, the first is first.
      const added = adding.then(() => addCheckpoint(checkpoint, heads))
      adding = added.catch(() => {})
      return await added
    },

    async probe() {
      await ask(statements.probe)
    },
  }
}

const settledAs = (id: string, settlement: Settlement): object => {
  switch (settlement.kind) {
    case 'sent':
      return { id, state: 'sent', at: settlement.at, keep_until: settlement.keepUntil }
    case 'again':
      return { id, state: 'again', due: settlement.due }
    case 'dead':
      return { id, state: 'dead', at: settlement.at, reason: settlement.reason, keep_until: settlement.keepUntil }
  }
}

/** Every change there is, and the statement that carries a group of commits. */
export function changes(s: string) {
  return {
    commit: statement<{ ending: number }>('commit', `SELECT ending FROM ${s}.commit_2($1::jsonb, $2, $3) AS ending`),
    // What another node has locked is being taken right now: stepped over, not waited for. In the order of `due`, so
    // what is on lease is stepped over too, and that is little.
    takeMessages: statement<OutboxRow & Pick<TakenMessage, 'attempt'>>(
      'take_messages',
      `UPDATE ${s}.waiting_messages SET ready = $2, attempt = attempt + 1 WHERE id = ANY (ARRAY(
         SELECT id FROM ${s}.waiting_messages WHERE due <= $1 AND ready + 0 <= $1
         ORDER BY due, id LIMIT $3 FOR UPDATE SKIP LOCKED
       )) RETURNING id, due, expires, attempt, key_id AS "keyId", body`,
    ),
    settleMessages: statement<object>('settle_messages', `SELECT FROM ${s}.settle_1($1::jsonb)`),
    dropKeptMessages: statement<{ id: string }>(
      'drop_kept_messages',
      `DELETE FROM ${s}.settled_messages WHERE id = ANY (ARRAY(
         SELECT id FROM ${s}.settled_messages WHERE keep_until <= $1 ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED
       )) RETURNING id`,
    ),
    dropHandles: statement<{ dropped: number }>('drop_handles', `SELECT ${s}.drop_handles_1($1, $2) AS dropped`),
    addCheckpoint: statement<{ ending: number }>(
      'add_checkpoint',
      `SELECT ${s}.add_checkpoint_1($1, $2, $3::jsonb) AS ending`,
    ),
    checkpoint: statement<StoredCheckpoint>(
      'checkpoint',
      `SELECT number, body FROM ${s}.checkpoints WHERE number = $1`,
    ),
    probe: statement<object>('probe', `UPDATE ${s}.write_probe SET writes = writes + 1`),
  }
}
