// The command line: which commands there are, what their help says, and how they end.
//
//     arguments ──▶ command ──▶ ending ──▶ standard output, exit code 0 or 1
//                      └─ there is none ──▶ standard error, exit code 2, 3, 4 or 130

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { addAccounts } from './accounts-commands.ts'
import { type Add, type CommandShape, examplesOf, type Run, shapeOf } from './command-tree.ts'
import type { CopyOptions } from './copy.ts'
import { addDelivery } from './delivery-commands.ts'
import { CannotRun, exitCodeOf, exitCodes, type Told, told } from './ending.ts'
import { addFleet } from './fleet-commands.ts'
import type { JournalShowOptions } from './journal-show.ts'
import { addNumbers } from './numbers-commands.ts'
import { addOperator } from './operator-commands.ts'
import { plain, plainJson } from './rows.ts'
import { refuseSecretArguments } from './secret-arguments.ts'
import type { Terminal } from './terminal.ts'

const codes = `
Exit codes:
  0  done, and all is well
  1  done, and something is not well: the output says what
  2  could not run: standard error says why, and what to do
  3  the server refused
  4  the server refused for now: retry_at says from when it makes sense to ask again
  130  Ctrl-C
`

const about = `
Settings come from the environment, the same as for the server (twostep settings lists them). Secrets and phone numbers
are never arguments: they would stay in the shell's history and show in the list of processes.
`

const receiptsOption = [
  '--receipts <file>',
  'receipts of checkpoints, kept elsewhere (otherwise: checkpoints.jsonl in the data folder)',
] as const

/**
 * Runs one command. Answers its exit code, or `undefined` for a server that goes on. Never throws: a bug is shown with
 * where it is, and counts as "could not run".
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  let code: number | undefined
  const json = args.includes('--json')
  const onEnd = (ended: number) => {
    code = ended
  }
  const program = assemble(terminal, onEnd, json)
  // Whoever reads the output may stop early (`| head`): no reason to complain.
  terminal.stdout.on('error', () => {})
  try {
    refuseSecretArguments(args)
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      complain(terminal, told(error), error, json)
      return exitCodeOf(error)
    }
    if (error.exitCode === 0) return exitCodes.done
    if (json) complain(terminal, usage(error), error, true)
    return exitCodes.couldNotRun
  }
}

/** All commands as data. */
export const commandShapes = (terminal: Terminal): CommandShape => shapeOf(assemble(terminal, () => {}, false))

/** What stands behind an option that is unknown may be a secret all the same. */
const withoutValue = (text: string): string => text.replace(/^(error: unknown option '-[^=']*)=.*'/s, "$1'")

const usage = ({ message }: CommanderError): Told => ({
  reason: 'usage',
  message: withoutValue(message).replace(/^error: /, ''),
  hint: 'Add --help to see how it is used.',
})

function complain({ stderr }: Terminal, known: Told | undefined, error: unknown, json: boolean): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : 'something broke'
  if (json) stderr.write(`${plainJson({ error: known ?? { reason: 'bug', message: stack } })}\n`)
  else if (known === undefined) stderr.write(`${plain(stack)}\n`)
  else stderr.write(plain([known.message, known.hint, retry(known)].filter(Boolean).join('\n')).concat('\n'))
}

const retry = ({ retry_at }: Told): string | undefined =>
  retry_at === undefined ? undefined : `Not before ${retry_at}.`

const ourVersion = (): string =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')).version

function assemble(terminal: Terminal, onEnd: (code: number) => void, json: boolean): Command {
  const program = new Command('twostep')
    .description('Self-hosted two-step verification: the server, and the tools of those who run it.')
    .version(ourVersion(), '-V, --version', 'print the version of Twostep')
    .configureOutput({
      writeOut: text => terminal.stdout.write(text),
      writeErr: text => terminal.stderr.write(text),
      // As JSON it is told where everything else is that ended badly.
      outputError: (text, write) => json || write(withoutValue(text)),
    })
    .exitOverride()
    .showHelpAfterError(json ? false : 'Add --help to see how it is used.')
    .addHelpText('after', about + codes)

  const add: Add = <Options extends object>(
    parent: Command,
    usage: string,
    description: string,
    examples: readonly string[],
    run: Run<Options>,
  ): Command => {
    const command = parent
      .command(usage)
      .description(description)
      .option('--json', 'print the result as JSON')
      .addHelpText('after', `\nExamples:\n${examples.map(line => `  ${line}\n`).join('')}${codes}`)
    examplesOf.set(command, examples)
    return command.action(async () => {
      const ending = await run(terminal, command.opts<Options>(), command.args[0] ?? '')
      terminal.stdout.write(json ? `${plainJson(ending.json)}\n` : `${plain(ending.words)}\n`)
      onEnd(ending.code)
    })
  }

  const server = program
    .command('serve')
    .description('start the server, as npm start does')
    .addHelpText('after', '\nExit codes:\n  0  stopped, as it was told to\n  1  could not start, or broke\n')
    .action(async () => {
      await terminal.serve()
    })
  examplesOf.set(server, ['twostep serve'])
  addCommands(program, add)
  return program
}

// Each command is loaded when it is run: most of the time it takes to start is loading.
function addCommands(program: Command, add: Add): void {
  add(program, 'init', 'make the key ring of a new installation', ['twostep init'], async terminal =>
    (await import('./init.ts')).init(terminal),
  )

  add(program, 'migrate', "bring the database's schema to this version", ['twostep migrate'], async terminal =>
    (await import('./migrate.ts')).migrate(terminal),
  )

  const journal = program.command('journal').description('what happened, and whether anybody changed it')
  add<{ receipts?: string }>(
    journal,
    'verify',
    'verify every journal against its documents, checkpoints and receipts; also beside a running server',
    ['twostep journal verify', 'twostep journal verify --receipts /mnt/elsewhere/checkpoints.jsonl --json'],
    async (terminal, options) => (await import('./journal-verify.ts')).journalVerify(terminal, options),
  ).option(...receiptsOption)
  add<JournalShowOptions>(
    journal,
    'show',
    'show what happened to one phone number or account, which is asked for or read from standard input',
    [
      'twostep journal show',
      'twostep journal show < number.txt',
      'twostep journal show --phone-number-id 106540352242922',
      'twostep journal show --account < address.txt',
      'twostep journal show --account-id 583012947716205',
    ],
    async (terminal, options, given) => {
      refuseAsArgument(given)
      return (await import('./journal-show.ts')).journalShow(terminal, options)
    },
  )
    .option('--phone-number-id <id>', 'the id of the number at a business, as Graph has it')
    .option('--account', 'an account, whose e-mail address is asked for')
    .option('--account-id <id>', 'the id of the account')
    .allowExcessArguments()

  const keys = program.command('keys').description('the keys that seal, index and guard all that is stored')
  add(
    keys,
    'rotate',
    'give everything a new key, through the running server or, when none runs, here; goes on where it was interrupted',
    ['twostep keys rotate', 'TWOSTEP_OPERATOR_TOKEN_FILE=/run/secrets/operator-token twostep keys rotate --json'],
    async terminal => (await import('./keys-rotate.ts')).keysRotate(terminal),
  )

  addCopies(program, add)
  addDelivery(program, add)
  addNumbers(program, add)
  addFleet(program, add)
  addAccounts(program, add)
  addOperator(program, add)
  addCompletion(program, add)
  add(program, 'settings', 'print the reference of all settings (Markdown)', ['twostep settings --json'], async () =>
    (await import('./settings.ts')).settings(),
  )
}

/** The commands that write a whole database somewhere. */
function addCopies(program: Command, add: Add): void {
  add<{ receipts?: string }>(
    program,
    'backup <file>',
    'write a checked copy of the database, also beside a running server; the key ring is not in it',
    ['twostep backup /mnt/backups/twostep-monday.db'],
    async (terminal, options, file) => (await import('./backup.ts')).backup(terminal, file, options),
  ).option(...receiptsOption)
  add<{ receipts?: string; despiteFindings?: boolean }>(
    program,
    'restore <file>',
    'put a backup in place where no database is; the key ring must be there already',
    ['twostep restore /mnt/backups/twostep-monday.db'],
    async (terminal, options, file) => (await import('./restore.ts')).restore(terminal, file, options),
  )
    .option(...receiptsOption)
    .option('--despite-findings', 'restore even though the journal in it does not hold')

  add<CopyOptions>(
    program,
    'copy',
    'copy everything into another database, SQLite or PostgreSQL, checked to the byte; goes on where it was interrupted',
    [
      'twostep copy --to postgres://twostep@db.example.com/twostep',
      'NEW_URL_FILE=/run/secrets/new-url twostep copy --from sqlite:/var/lib/twostep/twostep.db --to env:NEW_URL',
      'twostep copy --from env:OLD_URL --to sqlite:/var/lib/twostep/twostep.db --json',
    ],
    async (terminal, options) => (await import('./copy.ts')).copy(terminal, options),
  )
    .option(
      '--from <database>',
      'sqlite:path, postgres://user@host/name or env:NAME (otherwise: the one of the settings)',
    )
    .requiredOption('--to <database>', 'likewise; absent, empty, or a copy of the same source that was interrupted')
    .option(...receiptsOption)
    .addHelpText(
      'after',
      `Stop every server over both databases first. Passwords are never arguments: PGPASSWORD holds one for the URLs that are
written out; env:NAME takes a whole URL from the variable NAME, or from the file that NAME_FILE names.
`,
    )
}

function addCompletion(program: Command, add: Add): void {
  add(
    program,
    'completion <shell>',
    'print what makes bash, zsh or fish complete these commands',
    [
      'source <(twostep completion bash)',
      'twostep completion zsh > ~/.zfunc/_twostep',
      'twostep completion fish > ~/.config/fish/completions/twostep.fish',
    ],
    async (_terminal, _options, shell) => (await import('./completion.ts')).completion(shapeOf(program), shell),
  )
}

function refuseAsArgument(given: string): void {
  if (given === '') return
  throw new CannotRun(
    `${given.includes('@') ? 'An e-mail address' : 'A phone number'} is not taken as an argument: it would stay in the \
shell’s history and show in the list of processes.`,
    'Run  twostep journal show  and type it, or pipe it in.',
  )
}
