// The reference part of docs/guide/command-line.md, written from the tree of commands.
//
//     node scripts/command-line-guide.ts          writes it, after a change of the commands

import { readFileSync, writeFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { commandShapes } from '#cli/command-line.ts'
import { type CommandShape, leavesOf } from '#cli/command-tree.ts'
import { systemClock } from '#clock'

export const guidePath = fileURLToPath(new URL('../docs/guide/command-line.md', import.meta.url))
const heading = '## Every command\n'

/** All commands. Nothing is run. */
export function commands(): CommandShape {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const streams = { stdin: Readable.from([]), stdout: nowhere, stderr: nowhere }
  return commandShapes({ ...streams, env: {}, clock: systemClock(), serve: async () => {} })
}

/** The guide with its reference written anew; what stands before it is a person's. */
export const written = (guide: string): string => `${guide.split(heading)[0]}${heading}\n${reference(commands())}`

function reference(tree: CommandShape): string {
  const sections = leavesOf(tree).map(command => {
    const name = `twostep ${command.path.join(' ')}`
    const taken = command.arguments.map(({ name: each, required }) => (required ? ` <${each}>` : ` [${each}]`)).join('')
    const options = command.options
      .filter(({ long }) => long !== '--json')
      .map(({ flags, description, required, choices }) => {
        const few = choices.length > 0 ? `; one of ${choices.map(each => `\`${each}\``).join(', ')}` : ''
        return `| \`${flags}\` | ${description}${few}${required ? '; must be given' : ''} |`
      })
    const table = options.length === 0 ? [] : ['| option | |', '|---|---|', ...options, '']
    return [
      `### \`${name}${taken}\``,
      '',
      sentence(command.description),
      '',
      ...table,
      '```sh not-run="as help shows it; held to the command by test/docs/command-line.test.ts"',
      ...command.examples,
      '```',
      '',
    ]
  })
  return sections.flat().join('\n')
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

if (import.meta.main) writeFileSync(guidePath, written(readFileSync(guidePath, 'utf8')))
