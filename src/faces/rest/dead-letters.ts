// The operator's door to dead letters: what did not leave, and sending it again.

import { Hono } from 'hono'
import { deadLetters, type SendAgainEnding, type ShownDeadLetter, sendAgain } from '#actions/dead-letters.ts'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { type Problem, problem } from '#http/problem.ts'
import { callOf } from './operator.ts'

const path = '/api/v1/operator/dead-letters'
const perPage = 100

/** Mounted at the root, behind the operator's token (see operator.ts). */
export function deadLettersDoor(world: World): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.get(path, async c => {
    const { letters, next } = await deadLetters(world, perPage, c.req.query('after'))
    return c.json({ dead_letters: letters.map(written), next: next ?? null })
  })
  app.post(`${path}/:id/sending`, async c => {
    const ending = await sendAgain(world, callOf(c), { id: c.req.param('id') })
    return ending.kind === 'sent_again' ? c.json({ sent_again: true }, 202) : problem(c, problems[ending.kind])
  })
  return app
}

const written = (letter: ShownDeadLetter) => ({
  id: letter.id,
  channel: letter.channel,
  to: letter.to,
  reason: letter.reason,
  died_at: iso(letter.diedAt),
  expires_at: iso(letter.expires),
  sent_again_at: letter.sentAgainAt === undefined ? null : iso(letter.sentAgainAt),
  can_be_sent_again: letter.alive,
})

const iso = (at: number): string => new Date(at).toISOString()

const problems = {
  no_such_letter: {
    status: 404,
    kind: 'no_such_letter',
    title: 'There is no such dead letter.',
    detail: 'It was never dead, or it was kept for its thirty days. GET the same path without the id lists them.',
  },
  already_sent_again: {
    status: 409,
    kind: 'already_sent_again',
    title: 'This dead letter was sent again before.',
    detail: 'Should that one have died as well, it stands in the list under an id of its own.',
  },
  too_late: {
    status: 409,
    kind: 'too_late',
    title: 'What is in it is no longer good.',
    detail: 'A late code or link is worse than none. Whoever waits for it has to ask for a new one.',
  },
  replaced: {
    status: 409,
    kind: 'replaced',
    title: 'The code in it is not the newest one any more, or it was used.',
    detail: 'Two codes are never alive at once. Whoever waits for one has the newer one, or needs none.',
  },
} as const satisfies Record<Exclude<SendAgainEnding['kind'], 'sent_again'>, Problem>
