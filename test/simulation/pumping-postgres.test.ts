// The guard against pumping over PostgreSQL, a store for each node: what holds in memory holds in the database that many share,
// also while its connections are cut.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { sendingRules } from '#core/sending/rules.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { newSchema, postgresServer } from '../storage/postgres-server.ts'
import { ask, guarded, oneRange, openLine, spread } from './pumping.ts'

const seed = process.env.SIMULATION_SEED ?? randomBytes(4).toString('hex')
const told = `SIMULATION_SEED=${seed}`
const server = await postgresServer()
const counts = { ...guarded, budget: 0, perCountry: 0 }

async function line(sending: typeof guarded) {
  const settings = { url: server.url('plain'), schema: newSchema() }
  const first = await openPostgresStore(settings)
  const second = await openPostgresStore(settings)
  after(() => Promise.all([first.close(), second.close()]))
  return openLine(seed, sending, { nodes: 2, stores: [first, second] })
}

test('of a thousand codes asked for at once on two nodes, the volume of the prefix goes out, and not one more', async () => {
  const { nodes, world, post } = await line(counts)
  await Promise.allSettled(
    oneRange.numbers.map((number, at) => ask(nodes[at % 2] ?? world, number, 'sms', `app-${at % 7}`)),
  )
  assert.equal((await post()).length, sendingRules.volume, told)
})

test('the day of a country holds exactly on two nodes that lease it from each other', async () => {
  const { nodes, world, post } = await line({ ...counts, perCountry: 70 })
  await Promise.all(spread(150, 2).map((number, at) => ask(nodes[at % 2] ?? world, number)))
  const sent = (await post()).length
  assert(sent <= 70 && sent >= 67, `${told}: ${sent}`)
})

test('while every connection is cut again and again, no code goes out that was not counted', async () => {
  const { nodes, world, post } = await line(counts)
  let over = false
  const cutting = async () => {
    let cut = 0
    while (!over) {
      const gone = await server.admin(
        `SELECT pg_terminate_backend(pid) AS gone FROM pg_stat_activity
         WHERE datname = 'plain' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      )
      cut += gone.length
    }
    return cut
  }
  const cuts = cutting()
  const asked = await Promise.allSettled(
    oneRange.numbers.slice(0, 300).map((number, at) => ask(nodes[at % 2] ?? world, number, 'sms', `app-${at % 7}`)),
  )
  over = true
  assert((await cuts) > 20, 'connections were cut in the middle')
  const begun = asked.filter(each => each.status === 'fulfilled' && each.value.ending.kind === 'begun').length
  // Counted before it is sent: a cut in between counts one too many, and never sends one too many.
  const sent = (await post()).length
  assert(sent <= sendingRules.volume && begun <= sent, `${told}: ${begun} begun, ${sent} sent`)
  // The rest of the volume is there to be had, and nothing beyond it.
  await Promise.allSettled(oneRange.numbers.slice(300, 400).map(number => ask(world, number)))
  assert(sent + (await post()).length <= sendingRules.volume, told)
})
