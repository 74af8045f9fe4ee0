// What `twostep completion` prints, as bash itself understands it; and that the other two know the same words.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { leavesOf } from '#cli/command-tree.ts'
import { commands } from '../../scripts/command-line-guide.ts'
import { type } from './typing.ts'

const scriptFor = async (shell: string): Promise<string> => (await type(['completion', shell])).out

test('bash completes commands, options, words of options and files', async () => {
  const lines = [
    ['twostep', ''],
    ['twostep', 'numbers', 'pin', ''],
    ['twostep', 'numbers', 'register', '106540352242922', '--pin'],
    ['twostep', 'businesses', 'invite', '1', '--role', ''],
    ['twostep', 'completion', ''],
    ['twostep', 'backup', 'tsconf'],
    ['twostep', 'numbers', 'list', '--token-file', 'LICEN'],
    ['twostep', 'numbers', 'nothing', ''],
  ]
  const ask = lines.map(words => {
    const typed = words.map(word => `'${word}'`).join(' ')
    return `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _twostep; echo "\${COMPREPLY[*]}"`
  })
  const script = `set -eu; ${await scriptFor('bash')}\n${ask.join('\n')}`
  const said = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).split('\n')
  assert.match(said[0] ?? '', /^serve init .*numbers .*accounts businesses applications/)
  assert.deepEqual(said.slice(1, 8), [
    ...['set check', '--pin-file', 'admin member', 'bash zsh fish', 'tsconfig.json', 'LICENSE'],
    'list show add request-code verify-code register deregister pin',
  ])
})

test('zsh and fish are told every command and option too; another shell is none', async () => {
  const [zsh, fish] = await Promise.all([scriptFor('zsh'), scriptFor('fish')])
  for (const { path, options } of leavesOf(commands())) {
    assert(zsh.includes(`'${path.join(' ')}') words_=`), path.join(' '))
    for (const { long } of options) {
      assert(zsh.includes(`'${long}:`), long)
      assert(fish.includes(`"__twostep_at ${path.join(' ')}" -l ${long.slice(2)}`), long)
    }
  }
  const none = await type(['completion', 'tcsh', '--json'])
  assert.deepEqual([none.code, JSON.parse(none.err).error.hint], [2, 'Write bash, zsh or fish.'])
})
