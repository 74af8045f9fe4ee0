// The commands about numbers of a business, as help shows them. Each is loaded when it is run.

import type { Command } from 'commander'
import type { Add, Run } from './command-tree.ts'
import type { GraphOptions } from './remote.ts'

const numbers = () => import('./numbers.ts')

type Graph = <Options extends GraphOptions>(
  under: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  run: Run<Options>,
) => Command

/** Adds the numbers of a business. */
export function addNumbers(program: Command, add: Add): void {
  const parent = program
    .command('numbers')
    .description('phone numbers of a business at WhatsApp or at a Twostep server')
  const graph = <Options extends GraphOptions>(
    under: Command,
    usage: string,
    description: string,
    examples: readonly string[],
    run: Run<Options>,
  ) =>
    add(under, usage, description, examples, run)
      .option('--url <url>', 'the server (otherwise: WA_BASE_URL, then https://graph.facebook.com)')
      .option(
        '--token-file <file>',
        'where the access token is (otherwise: CLOUD_API_ACCESS_TOKEN, or it is asked for)',
      )
  addNumbersOfBusiness(parent, graph)
  addProof(parent, graph)
  addRegistration(parent, graph)
  addPin(parent, graph)
}

const id = '[phone-number-id]'

function addNumbersOfBusiness(parent: Command, graph: Graph): void {
  graph(
    parent,
    'list',
    'list the numbers of a business, with their status and whether each has a PIN',
    ['twostep numbers list --business 102290129340398', 'twostep numbers list --url http://127.0.0.1:8022 --json'],
    async (terminal, options) => (await numbers()).list(terminal, options),
  ).option('--business <id>', 'the business (WABA) id (otherwise: WA_BUSINESS_ACCOUNT_ID)')
  graph(
    parent,
    `show ${id}`,
    'show one number',
    ['twostep numbers show 106540352242922'],
    async (terminal, options, given) => (await numbers()).show(terminal, options, given),
  )
  graph<GraphOptions & { name: string }>(
    parent,
    'add',
    'add a number, which is asked for or read from standard input, to a business',
    ['twostep numbers add --name "Corner Bakery"', 'twostep numbers add --name "Corner Bakery" < number.txt'],
    async (terminal, options) => (await numbers()).add(terminal, options),
  )
    .requiredOption('--name <name>', 'what people are shown')
    .option('--business <id>', 'the business (WABA) id (otherwise: WA_BUSINESS_ACCOUNT_ID)')
}

function addProof(parent: Command, graph: Graph): void {
  graph<GraphOptions & { voice?: boolean; language: string }>(
    parent,
    `request-code ${id}`,
    'have an ownership code sent to a number',
    ['twostep numbers request-code 106540352242922', 'twostep numbers request-code 106540352242922 --voice'],
    async (terminal, options, given) => (await numbers()).requestCode(terminal, options, given),
  )
    .option('--voice', 'by a call instead of a text')
    .option('--language <locale>', 'what it is written in', 'en_US')
  graph<GraphOptions & { codeFile?: string }>(
    parent,
    `verify-code ${id}`,
    'prove a number with the code that came, which is asked for',
    ['twostep numbers verify-code 106540352242922'],
    async (terminal, options, given) => (await numbers()).verifyCode(terminal, options, given),
  ).option('--code-file <file>', 'where the code is (otherwise it is asked for)')
}

function addRegistration(parent: Command, graph: Graph): void {
  graph<GraphOptions & { pinFile?: string; region?: string }>(
    parent,
    `register ${id}`,
    'register a number with its PIN; costs one of ten in 72 hours, also when it is refused, and is sent once',
    ['twostep numbers register 106540352242922', 'twostep numbers register 106540352242922 --pin-file pin.txt --json'],
    async (terminal, options, given) => (await numbers()).register(terminal, options, given),
  )
    .option('--pin-file <file>', 'where the PIN is (otherwise it is asked for)')
    .option('--region <country>', 'where messages are stored, such as CH')
  graph(
    parent,
    `deregister ${id}`,
    'take a number offline; costs one of ten in 72 hours; its PIN stays',
    ['twostep numbers deregister 106540352242922'],
    async (terminal, options, given) => (await numbers()).deregister(terminal, options, given),
  )
}

function addPin(parent: Command, graph: Graph): void {
  const pin = parent.command('pin').description('the PIN of two-step verification')
  graph<GraphOptions & { pinFile?: string; acceptWeakPin?: boolean }>(
    pin,
    `set ${id}`,
    'set or change the PIN of a number; the new one is asked for twice, the old one not at all',
    ['twostep numbers pin set 106540352242922', 'pwgen-of-yours | twostep numbers pin set 106540352242922'],
    async (terminal, options, given) => (await numbers()).setPin(terminal, options, given),
  )
    .option('--pin-file <file>', 'where the new PIN is (otherwise it is asked for)')
    .option('--accept-weak-pin', 'send it even though anybody would try it first')
  graph(
    pin,
    `check ${id}`,
    'whether a number has a PIN; exits with 1 when it has none',
    ['twostep numbers pin check 106540352242922'],
    async (terminal, options, given) => (await numbers()).checkPin(terminal, options, given),
  )
}
