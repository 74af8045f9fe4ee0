// Everything anybody can try. Each command does what an action does: it asks the core, stores what the core says, and, where
// a secret is looked at, leaves that look in flight: it settles later, or its process dies.

export { add, check, prove, send } from './commands/codes.ts'
export type { Command } from './commands/command.ts'
export { confirm, giveAddress, mail } from './commands/mail.ts'
export { answer, guess, setPin, turnOff, use } from './commands/pin.ts'
export { deregister, register, remove } from './commands/registering.ts'
export { die, settle, tick } from './commands/time.ts'
