// `twostep dead-letters`: what did not leave, and sending it again, through the running server.

import { readConfig } from '#config'
import { Secret } from '#secrets/secret.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import { askOperator, serverOf } from './operator-api.ts'
import { askLine, type Terminal } from './terminal.ts'

const path = '/api/v1/operator/dead-letters'

type Letter = {
  readonly id: string
  readonly channel: string
  readonly to: string
  readonly reason: string
  readonly died_at: string
  readonly sent_again_at: string | null
  readonly can_be_sent_again: boolean
}

export async function deadLettersList(
  terminal: Terminal,
  options: { readonly after?: string },
): Promise<CommandEnding> {
  const query = options.after === undefined ? '' : `?after=${encodeURIComponent(options.after)}`
  const { status, body } = await asked(terminal, 'GET', `${path}${query}`)
  if (status !== 200 || !isPage(body)) throw strange(status)
  const { dead_letters: letters, next } = body
  const lines = letters.map(lineOf)
  if (next !== null) lines.push(`There are more: twostep dead-letters list --after ${next}`)
  const words =
    letters.length === 0
      ? ['No dead letters.']
      : [`${count(letters.length, 'dead letter')}, the newest first:`, ...lines]
  return { code: 0, words: words.join('\n'), json: body }
}

function lineOf({ id, channel, to, reason, died_at, sent_again_at, can_be_sent_again }: Letter): string {
  const again = sent_again_at === null ? 'too late, or replaced' : `sent again ${sent_again_at}`
  const state = can_be_sent_again ? 'can be sent again' : again
  return `  ${id}  ${died_at}  ${channel.padEnd(8)}  ${reason.padEnd(11)}  ${state}  ${to}`
}

export async function deadLettersResend(terminal: Terminal, id: string): Promise<CommandEnding> {
  if (!/^[\w-]{1,64}$/.test(id)) {
    throw new CannotRun('That is not the id of a dead letter.', 'twostep dead-letters list  shows them.')
  }
  const { status, body } = await asked(terminal, 'POST', `${path}/${id}/sending`)
  if (status === 202) return { code: 0, words: 'It is on its way again.', json: { id, sent_again: true } }
  if ((status !== 404 && status !== 409) || !isProblem(body)) throw strange(status)
  const { kind, title, detail } = body
  return { code: 1, words: `${title}\n${detail}`, json: { id, sent_again: false, kind, title, detail } }
}

async function asked(terminal: Terminal, method: 'GET' | 'POST', to: string) {
  const config = readConfig(terminal.env)
  const token = config.operatorToken ?? Secret.of(await askLine(terminal, 'Operator token', true))
  return askOperator(serverOf(config), method, to, token)
}

const strange = (status: number) =>
  new CannotRun(
    `What answers is not this Twostep (HTTP ${status}).`,
    'Check TWOSTEP_HOST and TWOSTEP_PORT, and that the server is of this version.',
  )

function isPage(body: object): body is { readonly dead_letters: readonly Letter[]; readonly next: string | null } {
  return 'dead_letters' in body && Array.isArray(body.dead_letters) && 'next' in body
}

function isProblem(body: object): body is { readonly kind: string; readonly title: string; readonly detail: string } {
  return ['kind', 'title', 'detail'].every(key => typeof Reflect.get(body, key) === 'string')
}
