// The guide to a fleet: its commands, run one after the other as a newcomer would, and its tables held to the program.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { columns } from '#fleet/csv.ts'
import { needKinds } from '#fleet/needs.ts'
import { newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { fleet } from '#test/fleet/house.ts'

const guide = readFileSync('docs/guide/fleet.md', 'utf8')
const example = readFileSync('examples/fleet/numbers.csv', 'utf8')
const commands = [...guide.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'))

test("the guide's commands work one after the other, with the example's list", async () => {
  await using sandbox = await startSandbox()
  const { url } = sandbox
  const business = await newBusiness(url)
  const ids = [...example.matchAll(/^\d+/gm)].map(([id]) => id)
  assert.ok(ids.length === 3 && commands.length > 8)
  let list = example.replace(/EAAG[\w-]+/g, business.token)
  const folder = mkdtempSync(join(tmpdir(), 'twostep-guide-'))
  const before = process.cwd()
  const ours = new Map<string, string>()
  try {
    for (const [at, id] of ids.entries()) {
      const made = await verifiedNumber(url, business, `770090060${at}`)
      list = list.replace(id, made)
      ours.set(id, made)
    }
    process.chdir(folder)
    writeFileSync('numbers.csv', list)
    for (const command of commands) {
      const [npx, twostep, group, ...args] = command.split(' ').map(word => ours.get(word) ?? word)
      assert.deepEqual([npx, twostep, group], ['npx', 'twostep', 'fleet'])
      const { code, out, err } = await fleet(args, { lines: [args.at(-1)?.slice(-4) ?? ''], env: { WA_BASE_URL: url } })
      assert.deepEqual([code, err], [0, ''], `${command}: ${out}`)
    }
  } finally {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  }
})

test('the guide names every column of a list, and everything that may stand in the way of a number', () => {
  for (const word of [...columns, ...needKinds]) assert.ok(guide.includes(`\`${word}\``), word)
  assert.equal(example.split('\n')[0], columns.join())
})
