// The guide to the command line says what there is, and every example in it and in help can be typed.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type CommandShape, leavesOf } from '#cli/command-tree.ts'
import { exitCodes } from '#cli/ending.ts'
import { type } from '#test/cli/typing.ts'
import { commands, guidePath, written } from '../../scripts/command-line-guide.ts'

const guide = readFileSync(guidePath, 'utf8')
const tree = commands()

test('the reference in the guide is the one of the commands (else: npm run report:commands)', () => {
  assert.equal(guide, written(guide))
})

/** The command that a line names, and what follows it. */
function commandOf(line: string): readonly [CommandShape, readonly string[]] {
  const words = (/\btwostep ([^|<>#)]*)/.exec(line)?.[1] ?? '').match(/"[^"]*"|\S+/g) ?? []
  let [at, taken]: [CommandShape, number] = [tree, 0]
  for (const word of words) {
    const below = at.commands.find(({ path }) => path.at(-1) === word)
    if (below === undefined) break
    at = below
    taken += 1
  }
  return [at, words.slice(taken)]
}

test('every example names a command and options that there are', () => {
  const typed = [...guide.matchAll(/```sh[^\n]*\n(.*?)```/gs)].flatMap(([, block = '']) => block.split('\n'))
  const inHelp = leavesOf(tree).flatMap(({ examples }) => examples)
  const lines = [...typed, ...inHelp].filter(line => line.includes('twostep '))
  assert(lines.length > 60)
  for (const line of lines) {
    const [command, rest] = commandOf(line)
    assert.deepEqual(command.commands, [], `a group, and no command: ${line}`)
    const flags = rest.filter(word => word.startsWith('--'))
    for (const flag of flags)
      assert(
        command.options.some(({ long }) => long === flag),
        `${flag}: ${line}`,
      )
    for (const { long, required } of command.options) assert(!required || flags.includes(long), `${long}: ${line}`)
  }
})

test('every command has an example and says what it does, and every one but serve prints JSON', () => {
  for (const { path, description, examples, options } of leavesOf(tree)) {
    assert(examples.length > 0 && description.length > 10 && !description.endsWith('.'), path.join(' '))
    assert.equal(
      options.some(({ long }) => long === '--json'),
      path[0] !== 'serve',
      path.join(' '),
    )
  }
})

test('no command takes a secret as an argument or as the value of an option', () => {
  const files = /^--(?:pin|code|token|api-key|operator-token|session)-file$/
  for (const { path, options, arguments: taken } of leavesOf(tree)) {
    for (const { long } of options) {
      assert(
        !/pin|code|token|key|session|password|secret/.test(long) || files.test(long) || long === '--accept-weak-pin',
        `${path.join(' ')} ${long}`,
      )
    }
    for (const { name } of taken) assert(/^(?:file|shell|user|(?:[a-z]+-)+id)$/.test(name), `${path.join(' ')} ${name}`)
  }
})

test('help and the guide have each exit code', async () => {
  const { out } = await type(['--help'])
  for (const code of Object.values(exitCodes)) {
    assert(out.includes(`\n  ${code}  `) && guide.includes(`\n| ${code} | `), String(code))
  }
})
