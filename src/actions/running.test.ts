import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRunning } from './running.ts'

test('idle waits for all that is under way, also for what began meanwhile and for what fails', async () => {
  const running = createRunning()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const seen: string[] = []
  const one = running.during(() => first.promise)
  const idle = running.idle().then(() => seen.push('idle'))
  const two = running.during(() => second.promise)
  first.resolve()
  await one
  assert.deepEqual(seen, [])
  second.reject(new Error('on purpose'))
  await assert.rejects(two, /on purpose/)
  await idle
  assert.deepEqual(seen, ['idle'])
})
