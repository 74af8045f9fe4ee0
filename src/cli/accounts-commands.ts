// The commands about accounts, as help shows them. Each is loaded when it is run.

import type { Command } from 'commander'
import type { ApplicationOptions, OwnerOptions } from './accounts.ts'
import { type Add, ourServer, type Run } from './command-tree.ts'

const accounts = () => import('./accounts.ts')

type Owner = <Options extends OwnerOptions>(
  under: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  run: Run<Options>,
) => Command

/** Adds what an application and an account's owner may do. */
export function addAccounts(program: Command, add: Add): void {
  const parent = program
    .command('accounts')
    .description('accounts, as their owner or as an application; nobody turns another’s two-step verification off')
  const application = <Options extends ApplicationOptions>(
    usage: string,
    description: string,
    examples: readonly string[],
    run: Run<Options>,
  ) =>
    add(parent, usage, description, examples, run)
      .option(...ourServer)
      .option('--api-key-file <file>', 'where the API key is (otherwise: TWOSTEP_API_KEY, or it is asked for)')
  const owner: Owner = (under, usage, description, examples, run) =>
    add(under, usage, description, examples, run)
      .option(...ourServer)
      .option('--session-file <file>', 'where sign-in put the session (otherwise its token is asked for)')

  application('list', 'list the users of an application', ['twostep accounts list --json'], async (terminal, options) =>
    (await accounts()).list(terminal, options),
  )
  application(
    'show <user>',
    'show one user of an application, by the id that it uses',
    ['twostep accounts show customer-4711'],
    async (terminal, options, given) => (await accounts()).show(terminal, options, given),
  )
  add<{ url?: string; sessionFile: string }>(
    parent,
    'sign-in',
    'sign in as an account’s owner: e-mail address, password and code are asked for',
    ['twostep accounts sign-in --session-file session.txt'],
    async (terminal, options) => (await accounts()).signIn(terminal, options),
  )
    .option(...ourServer)
    .requiredOption('--session-file <file>', 'where the session’s token goes; only you can read it')
  addLooking(parent, owner)
  addEnding(parent, owner)
}

function addLooking(parent: Command, owner: Owner): void {
  owner<OwnerOptions & { limit: string }>(
    parent,
    'activity',
    'what happened to the account, newest first',
    ['twostep accounts activity --session-file session.txt --limit 20'],
    async (terminal, options) => (await accounts()).activity(terminal, options),
  ).option('--limit <events>', 'how many at most', '50')
  const sessions = parent.command('sessions').description('who is signed in, and where')
  owner(
    sessions,
    'list',
    'list the sessions of the account',
    ['twostep accounts sessions list --session-file session.txt'],
    async (terminal, options) => (await accounts()).sessions(terminal, options),
  )
  owner<OwnerOptions & { others?: boolean; all?: boolean }>(
    sessions,
    'end [session-id]',
    'end one session, the others, or all',
    ['twostep accounts sessions end --others --session-file session.txt'],
    async (terminal, options, given) => (await accounts()).endSession(terminal, options, given),
  )
    .option('--others', 'all but this one')
    .option('--all', 'this one too')
}

function addEnding(parent: Command, owner: Owner): void {
  owner(
    parent,
    'sign-out',
    'end this session',
    ['twostep accounts sign-out --session-file session.txt'],
    async (terminal, options) => (await accounts()).signOut(terminal, options),
  )
  owner<OwnerOptions & { forGood?: boolean }>(
    parent,
    'close',
    'close the account for good; asks for password and code anew',
    ['twostep accounts close --for-good --session-file session.txt'],
    async (terminal, options) => (await accounts()).close(terminal, options),
  ).option('--for-good', 'it is meant: nobody brings it back')
}
