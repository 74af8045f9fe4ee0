// What the operator does on a running server, as help shows it. Each command is loaded when it is run.

import { type Command, Option } from 'commander'
import type { AccessTokenPermission } from '#client/index.ts'
import { type Add, ourServer, type Run } from './command-tree.ts'
import type { OperatorOptions } from './operate.ts'

const operate = () => import('./operate.ts')

type Operator = <Options extends OperatorOptions>(
  under: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  run: Run<Options>,
) => Command

/** Adds what the operator does through a running server. */
export function addOperator(program: Command, add: Add): void {
  const operator: Operator = (under, usage, description, examples, run) =>
    add(under, usage, description, examples, run)
      .option(...ourServer)
      .option(
        '--operator-token-file <file>',
        'where the operator token is (otherwise: TWOSTEP_OPERATOR_TOKEN, or it is asked for)',
      )
  const businesses = program.command('businesses').description('business accounts, their access tokens, their people')
  operator<OperatorOptions & { name: string }>(
    businesses,
    'create',
    'make a business account; the e-mail address for notices is asked for',
    ['twostep businesses create --name "Corner Bakery"'],
    async (terminal, options) => (await operate()).createBusiness(terminal, options),
  ).requiredOption('--name <name>', 'what people are shown')
  addTokens(businesses, operator)
  addPeople(businesses, operator)
  addApplications(program, operator)
}

function addTokens(businesses: Command, operator: Operator): void {
  const token = businesses.command('token').description('access tokens of the Graph door')
  operator<OperatorOptions & { permission?: readonly AccessTokenPermission[]; expiresIn?: string }>(
    token,
    'issue <business-id>',
    'issue an access token, told once',
    ['twostep businesses token issue 102290129340398 --expires-in 90d'],
    async (terminal, options, given) => (await operate()).issueToken(terminal, options, given),
  )
    .addOption(
      new Option('--permission <permission...>', 'what it may do (otherwise: both)').choices([
        'whatsapp_business_management',
        'whatsapp_business_messaging',
      ]),
    )
    .option('--expires-in <span>', 'such as 90d or 12h (otherwise: when it is revoked)')
  operator<OperatorOptions & { all?: boolean; tokenFile?: string }>(
    token,
    'revoke <business-id>',
    'revoke one access token, which is asked for, or all',
    ['twostep businesses token revoke 102290129340398', 'twostep businesses token revoke 102290129340398 --all'],
    async (terminal, options, given) => (await operate()).revokeTokens(terminal, options, given),
  )
    .option('--all', 'every token of the business')
    .option('--token-file <file>', 'where the token to revoke is (otherwise it is asked for)')
  operator(
    businesses,
    'app-secret <business-id>',
    'make the secret that signs the webhooks of a business, told once',
    ['twostep businesses app-secret 102290129340398'],
    async (terminal, options, given) => (await operate()).makeAppSecret(terminal, options, given),
  )
}

function addPeople(businesses: Command, operator: Operator): void {
  operator<OperatorOptions & { role?: 'admin' | 'member'; language?: string }>(
    businesses,
    'invite <business-id>',
    'let somebody, whose e-mail address is asked for, look after a business on the manager pages',
    ['twostep businesses invite 102290129340398 --role member'],
    async (terminal, options, given) => (await operate()).invite(terminal, options, given),
  )
    .addOption(new Option('--role <role>', 'admins change what members only see').choices(['admin', 'member']))
    .option('--language <locale>', 'what the mail is written in')
  operator(
    businesses,
    'remove <business-id>',
    'let somebody, whose e-mail address is asked for, look after it no more',
    ['twostep businesses remove 102290129340398'],
    async (terminal, options, given) => (await operate()).removeAdmin(terminal, options, given),
  )
}

function addApplications(program: Command, operator: Operator): void {
  const applications = program.command('applications').description('applications, which use the REST API with a key')
  operator<OperatorOptions & { name: string }>(
    applications,
    'create',
    'make an application; its API key is told once',
    ['twostep applications create --name "My app" --json'],
    async (terminal, options) => (await operate()).createApplication(terminal, options),
  ).requiredOption('--name <name>', 'what you call it')
}
