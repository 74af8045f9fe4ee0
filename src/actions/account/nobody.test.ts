import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSandbox } from '#test/faces/sandbox.ts'
import { nobodyOf, nobodyUses, placeOf } from './nobody.ts'

test('whoever asks for many mails, which costs them nothing, pushes out no wait of a guess and no count of a sign-up', async () => {
  await using sandbox = await startSandbox()
  const names = Array.from({ length: 1_000 }, (_, at) => `name-${at}@home.example`)
  const used = nobodyUses.map(use => new Set(names.map(name => placeOf(nobodyOf(sandbox.world, use, name)).subject)))
  const together = new Set(used.flatMap(each => [...each]))
  const apart = used.reduce((sum, each) => sum + each.size, 0)
  assert.equal(together.size, apart)
})

test('the id of an account is none of them', () => {
  assert.deepEqual(placeOf('780474945648237'), { subject: '780474945648237', nobody: false })
})
