// The tree of commands: how one is added, and all of them as data. Help, completion and docs/guide/command-line.md come from
// this tree and from nothing else.

import type { Argument, Command, Option } from 'commander'
import type { CommandEnding } from './ending.ts'
import type { Terminal } from './terminal.ts'

/** The work of a command. `given`: its argument, or empty. */
export type Run<Options> = (
  terminal: Terminal,
  options: Options,
  given: string,
) => CommandEnding | Promise<CommandEnding>

/** Adds a command: its place among the others, what it takes, what it does, what to type, its work. */
export type Add = <Options extends object>(
  parent: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  run: Run<Options>,
) => Command

/** Where a Twostep server is, for commands that ask one. */
export const ourServer = [
  '--url <url>',
  'the Twostep server (otherwise: TWOSTEP_URL, then http://127.0.0.1 at TWOSTEP_PORT)',
] as const

/** Where a command's examples are kept: for help, and for who walks the tree. */
export const examplesOf = new WeakMap<Command, readonly string[]>()

/** A command as data. */
export type CommandShape = {
  /** Such as `['numbers', 'pin', 'set']`. */
  readonly path: readonly string[]
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly required: boolean }[]
  readonly options: readonly {
    readonly flags: string
    readonly long: string
    readonly description: string
    readonly required: boolean
    /** What it takes, such as `file`; `undefined` for a switch. */
    readonly takes: string | undefined
    readonly choices: readonly string[]
  }[]
  readonly examples: readonly string[]
  readonly commands: readonly CommandShape[]
}

/** The tree below a command, as data. */
export const shapeOf = (command: Command, path: readonly string[] = []): CommandShape => ({
  path,
  description: command.description(),
  arguments: command.registeredArguments.map((argument: Argument) => {
    return { name: argument.name(), required: argument.required }
  }),
  options: command.options.map((option: Option) => ({
    flags: option.flags,
    long: option.long ?? option.flags,
    description: option.description,
    required: option.mandatory,
    takes: /[<[](.*?)[>\]]/.exec(option.flags)?.[1],
    choices: option.argChoices ?? [],
  })),
  examples: examplesOf.get(command) ?? [],
  commands: command.commands.map(each => shapeOf(each, [...path, each.name()])),
})

/** Every command that does something, in the order of help. */
export const leavesOf = (shape: CommandShape): readonly CommandShape[] =>
  shape.commands.length === 0 ? [shape] : shape.commands.flatMap(leavesOf)
