// `twostep completion`: what makes a shell complete these commands, written from the tree of commands.

import type { CommandShape } from './command-tree.ts'
import { CannotRun, type CommandEnding } from './ending.ts'

const shells = { bash, zsh, fish } as const

export function completion(tree: CommandShape, shell: string): CommandEnding {
  if (!Object.hasOwn(shells, shell)) {
    throw new CannotRun('There is no completion for this shell.', 'Write bash, zsh or fish.')
  }
  const script = shells[shell as keyof typeof shells](tree)
  return { code: 0, words: script.trimEnd(), json: { shell, script } }
}

/** Every node of the tree, from the top. */
const nodes = (shape: CommandShape): readonly CommandShape[] => [shape, ...shape.commands.flatMap(nodes)]

const helpFlags = ['--help']
const flagsOf = ({ options }: CommandShape): readonly string[] => [...options.map(({ long }) => long), ...helpFlags]
const wordsOf = ({ path, commands }: CommandShape): readonly string[] =>
  path[0] === 'completion' ? Object.keys(shells) : commands.map(({ path: each }) => each.at(-1) ?? '')
const takesFile = ({ arguments: taken }: CommandShape): boolean => taken.some(({ name }) => name === 'file')

/** Options after which a file comes, and those after which one of a few words does. */
const fileOptions = (tree: CommandShape): readonly string[] => [
  ...new Set(nodes(tree).flatMap(({ options }) => options.flatMap(each => (each.takes === 'file' ? each.long : [])))),
]
const choices = (tree: CommandShape): ReadonlyMap<string, readonly string[]> =>
  new Map(
    nodes(tree).flatMap(({ options }) =>
      options.flatMap(each => (each.choices.length > 0 ? [[each.long, each.choices]] : [])),
    ),
  )

/** What the words before the cursor name, as far as they name commands: the same few lines in both shells. */
const walk = (tree: CommandShape): string =>
  nodes(tree)
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      '${path.slice(0, -1).join(' ')}:${path.at(-1)}') at='${path.join(' ')}' ;;`)
    .join('\n')

function bash(tree: CommandShape): string {
  const cases = nodes(tree).map(shape => {
    const files = takesFile(shape) ? ' files=1' : ''
    return `    '${shape.path.join(' ')}') words='${wordsOf(shape).join(' ')}' flags='${flagsOf(shape).join(' ')}'${files} ;;`
  })
  const chosen = [...choices(tree)].map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur")); return ;;`,
  )
  return `# bash completion for twostep:  source <(twostep completion bash)
_twostep() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at='' words='' flags='' files='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at:\${COMP_WORDS[i]}" in
${walk(tree)}
    esac
  done
  case "$prev" in
    ${fileOptions(tree).join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
${chosen.join('\n')}
  esac
  case "$at" in
${cases.join('\n')}
  esac
  if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  elif [[ -n "$files" ]]; then COMPREPLY=($(compgen -f -- "$cur"))
  else COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
}
complete -F _twostep twostep
`
}

/** Between single quotes, for any of the three. */
const quoted = (text: string): string => `'${text.replaceAll('’', "'").replaceAll("'", `'\\''`)}'`

function zsh(tree: CommandShape): string {
  const described = (words: readonly (readonly [string, string])[]) =>
    words.map(([word, says]) => quoted(`${word.replaceAll(':', '\\:')}:${says}`)).join(' ')
  const cases = nodes(tree).map(shape => {
    const words = shape.commands.map(each => [each.path.at(-1) ?? '', each.description] as const)
    const plain = shape.path[0] === 'completion' ? wordsOf(shape).map(word => [word, 'shell'] as const) : words
    const flags = [
      ...shape.options.map(each => [each.long, each.description] as const),
      ['--help', 'show help'] as const,
    ]
    const files = takesFile(shape) ? '; files=1' : ''
    return `    '${shape.path.join(' ')}') words_=(${described(plain)}); flags_=(${described(flags)})${files} ;;`
  })
  const chosen = [...choices(tree)].map(([flag, words]) => `    ${flag}) compadd -- ${words.join(' ')}; return ;;`)
  return `#compdef twostep
# zsh completion for twostep:  twostep completion zsh > somewhere on your fpath, as _twostep
_twostep() {
  local at='' files='' i
  local -a words_ flags_
  for ((i = 2; i < CURRENT; i++)); do
    case "$at:\${words[i]}" in
${walk(tree)}
    esac
  done
  case "\${words[CURRENT-1]}" in
    ${fileOptions(tree).join('|')}) _files; return ;;
${chosen.join('\n')}
  esac
  case "$at" in
${cases.join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then _describe option flags_
  elif [[ -n "$files" ]]; then _files
  else _describe command words_; fi
}
if [[ "\${funcstack[1]}" = _twostep ]]; then _twostep "$@"; else compdef _twostep twostep; fi
`
}

function fish(tree: CommandShape): string {
  const lines = nodes(tree).flatMap(shape => {
    const at = `-n "__twostep_at ${shape.path.join(' ')}"`
    const commands = shape.commands.map(
      each => `complete -c twostep ${at} -a ${each.path.at(-1)} -d ${quoted(each.description)}`,
    )
    const shellsAt =
      shape.path[0] === 'completion' ? [`complete -c twostep ${at} -a '${wordsOf(shape).join(' ')}'`] : []
    const options = shape.options.map(({ long, description, takes, choices: few }) => {
      const file = takes === 'file' ? ' -r -F' : takes === undefined ? '' : ' -x'
      const words = few.length > 0 ? ` -a '${few.join(' ')}'` : ''
      return `complete -c twostep ${at} -l ${long.replace(/^--/, '')}${file}${words} -d ${quoted(description)}`
    })
    const files = takesFile(shape) ? [`complete -c twostep ${at} -F`] : []
    return [...commands, ...shellsAt, ...options, ...files]
  })
  const branches = nodes(tree)
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      case '${path.slice(0, -1).join(' ')}:${path.at(-1)}'\n        set at '${path.join(' ')}'`)
  return `# fish completion for twostep:  twostep completion fish > ~/.config/fish/completions/twostep.fish
function __twostep_at
  set -l at ''
  for word in (commandline -opc)[2..]
    switch "$at:$word"
${branches.join('\n')}
    end
  end
  test "$at" = "$argv"
end
complete -c twostep -f
complete -c twostep -l help -d 'show help'
${lines.join('\n')}
`
}
