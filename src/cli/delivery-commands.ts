// The commands about messages, and about what an installation lacks: what they are called, and what may be typed.

import type { Command } from 'commander'
import type { Add } from './command-tree.ts'
import type { DeliverTestOptions } from './deliver-test.ts'
import type { DoctorOptions } from './doctor.ts'

/** Adds `deliver test`, `dead-letters list`, `dead-letters resend` and `doctor`. */
export function addDelivery(program: Command, add: Add): void {
  const deliver = program.command('deliver').description('whether messages leave')
  add<DeliverTestOptions>(
    deliver,
    'test',
    'send one message through the real settings, and show each hop on its way',
    [
      'twostep deliver test --to operator@example.com',
      'twostep deliver test --to +447700900123',
      'twostep deliver test --to +447700900123 --channel voice --json',
    ],
    async (terminal, options) => (await import('./deliver-test.ts')).deliverTest(terminal, options),
  )
    .option('--to <receiver>', 'a number or e-mail address of your own (otherwise it is asked for)')
    .option('--channel <channel>', 'sms or voice for a number (otherwise: sms)')
    .option('--wait <seconds>', 'how long a receipt is waited for (otherwise: 10)')

  const letters = program.command('dead-letters').description('messages that nobody took, or that came too late')
  add<{ after?: string }>(
    letters,
    'list',
    'list them, the newest first, through the running server',
    [
      'twostep dead-letters list',
      'TWOSTEP_OPERATOR_TOKEN_FILE=/run/secrets/operator-token twostep dead-letters list --json',
    ],
    async (terminal, options) => (await import('./dead-letters.ts')).deadLettersList(terminal, options),
  ).option('--after <place>', 'the next page, as the page before says')
  add(
    letters,
    'resend <message-id>',
    'send one again, once, while what is in it is still good',
    ['twostep dead-letters resend 3f2b8c0d9e1a4b5c6d7e8f9012345678'],
    async (terminal, _options, id) => (await import('./dead-letters.ts')).deadLettersResend(terminal, id),
  )

  add<DoctorOptions>(
    program,
    'doctor',
    'say what is missing for production, and how to mend it',
    ['twostep doctor', 'twostep doctor --offline', 'twostep doctor --json'],
    async (terminal, options) => (await import('./doctor.ts')).doctor(terminal, options),
  ).option('--offline', 'ask nothing of the network: no name server, no mail server, no provider')
}
