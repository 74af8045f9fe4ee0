// The style guide as a program: what may import what, what has no place where, how long things may get. Pure: it is
// given the files and says what is wrong with them, so that a test can show each rule a file that breaks it.

import { posix } from 'node:path'
import { lineAt, type Scan, scan } from './scan.ts'

/** A file of the tree: its path from the root, with slashes, and its text. */
export type SourceFile = { readonly path: string; readonly text: string }

export type Finding = { readonly path: string; readonly line: number; readonly rule: Rule; readonly says: string }

export type Rule = 'arrow' | 'package' | 'ban' | 'name' | 'comment' | 'length' | 'words'

// Which folder of src may import from which. Everything else is a finding: an arrow is added here, on purpose.
const areas = {
  core: [],
  contract: ['core'],
  numbering: ['core'],
  secrets: ['core'],
  storage: ['core'],
  records: ['core', 'secrets', 'storage'],
  delivery: ['core', 'numbering', 'secrets', 'records', 'storage'],
  observe: ['core', 'secrets'],
  actions: ['core', 'contract', 'secrets', 'storage', 'records', 'numbering', 'delivery', 'observe'],
  http: ['core', 'observe', 'secrets'],
  faces: ['actions', 'contract', 'core', 'http', 'observe', 'secrets', 'numbering'],
  pages: ['actions', 'contract', 'core', 'http', 'observe', 'secrets', 'numbering'],
  // Published alone: what it imported from elsewhere, types too, would not be there.
  client: [],
  // A program of its own beside the server: it talks to Graph as any client does.
  fleet: ['core', 'secrets', 'storage', 'client'],
  cli: [
    ...['core', 'contract', 'numbering', 'secrets', 'storage', 'records', 'delivery', 'observe', 'actions', 'http'],
    'fleet',
    ...['client', 'clock', 'config', 'main', 'start', 'serve', 'app', 'checkpoints', 'company', 'compile-cache'],
  ],
  clock: ['core'],
  config: ['core', 'secrets', 'numbering', 'http', 'observe', 'delivery'],
  // The three that put the rest together.
  main: 'everything',
  start: 'everything',
  serve: 'everything',
  app: 'everything',
  'late-doors': 'everything',
  checkpoints: 'everything',
  company: 'everything',
  outgoing: 'everything',
  warm: 'everything',
  'compile-cache': [],
  'give-back': [],
} as const satisfies Record<string, readonly string[] | 'everything'>

const assembly = [
  'src/main.js',
  'src/start.ts',
  'src/serve.ts',
  'src/app.ts',
  'src/late-doors.ts',
  'src/checkpoints.ts',
  'src/cli/twostep.js',
]

// Where a package of others may be imported. Tests and the bench may import any.
const packages: Readonly<Record<string, readonly string[]>> = {
  '@hono/node-server': ['src/http/', ...assembly],
  '@node-rs/argon2': ['src/secrets/'],
  '@simplewebauthn/server': ['src/secrets/'],
  'cli-progress': ['src/cli/'],
  commander: ['src/cli/'],
  'csv-parse': ['src/fleet/'],
  hono: ['src/http/', 'src/faces/', 'src/pages/', ...assembly],
  'intl-messageformat': ['src/delivery/messages/'],
  'libphonenumber-js': ['src/numbering/'],
  nodemailer: ['src/delivery/'],
  'oidc-provider': ['src/faces/'],
  pg: ['src/storage/postgres/'],
  pino: ['src/observe/', ...assembly],
  'prom-client': ['src/observe/'],
  smpp: ['src/delivery/'],
  'web-push': ['src/delivery/'],
  zod: ['src/contract/', 'src/config.ts', 'src/faces/'],
}

// Parts of Node with a place of their own. The core, what describes the wire and what is published to run anywhere have
// none of it.
const builtins: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['src/storage/sqlite/'],
  'node:child_process': [],
  'node:test': [],
  'node:vm': ['src/give-back.ts'],
}
const withoutNode = ['src/core/', 'src/contract/', 'src/client/', 'src/numbering/']
// Loads a library late and at once, for which there is no other way.
const withNode = ['src/numbering/plans.ts']

type Ban = {
  readonly what: RegExp
  readonly why: string
  /** The only places where it is banned, or everywhere. */
  readonly in: readonly string[]
  /** Where it may stand all the same: the few files that make what the others are handed. */
  readonly but: readonly string[]
}

// Files that make time, dice and waiting for everybody else. Short, and it stays short.
const makers = { time: ['src/clock.ts'], settings: ['src/config.ts', 'src/compile-cache.js', ...assembly] }

// The client runs on other people's machines: what it takes from them, it takes in one place.
const published = 'src/client/machine.ts'

const pure = [
  'src/core/',
  'src/contract/',
  'src/numbering/',
  'src/actions/',
  'src/records/',
  'src/faces/',
  'src/pages/',
]

const bansInSource: readonly Ban[] = [
  {
    what: anyOf(
      /\bDate\s*\.\s*now\b/,
      /\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(]))/,
      /(?<!\bnew\s+)\bDate\s*\(/,
      /\bperformance\s*\.\s*now\b/,
      /\bhrtime\b/,
      /\bTemporal\s*\.\s*Now\b/,
    ),
    why: 'time is handed in by a clock',
    in: ['src/'],
    // What runs in the browser has only the browser's time.
    but: [...makers.time, 'src/pages/static/', published],
  },
  { what: /\bMath\s*\.\s*random\b/g, why: 'an attacker can foretell Math.random', in: ['src/', 'bench/'], but: [] },
  {
    what: /\bcrypto\s*\.\s*(?:getRandomValues|randomUUID|randomBytes|randomInt|subtle)\b/g,
    why: 'dice and secrets are handed in',
    in: pure,
    but: [],
  },
  {
    what: /\b(?:setTimeout|setInterval|setImmediate)\b|\bAtomics\s*\.\s*wait/g,
    why: 'waiting belongs to the edge; here, time is data',
    in: [...pure, 'src/secrets/', 'src/client/'],
    but: ['src/pages/static/', published],
  },
  {
    what: /\bprocess\s*\.\s*env\b/g,
    why: 'settings are read in config.ts',
    in: ['src/'],
    but: [...makers.settings, published],
  },
  {
    what: /\bconsole\s*\./g,
    why: 'logs go through observe, which redacts',
    in: ['src/', 'test/', 'bench/'],
    but: [published],
  },
  { what: /\beval\s*\(|\bnew\s+Function\b/g, why: 'text never becomes code', in: ['src/'], but: [] },
]

const bansInTests: readonly Ban[] = [
  {
    what: /\b(?:test|it|describe|suite)\s*\.\s*(?:only|skip|todo)\b|\bt\s*\.\s*(?:skip|todo)\b|\b(?:only|skip|todo)\s*:/g,
    why: 'every test runs, every time',
    in: [''],
    but: [],
  },
  {
    what: /\b(?:setTimeout|sleep)\s*\(|\bAtomics\s*\.\s*wait/g,
    why: 'a test that sleeps is slow or flaky: wait for the thing itself, or move the clock',
    in: [''],
    but: [],
  },
  { what: /\bMath\s*\.\s*random\b/g, why: 'a test that fails must fail again: print a seed', in: [''], but: [] },
]

type Words = { readonly what: RegExp; readonly why: string }

// Made of halves, so that this file may be read by its own rules.
const words: readonly Words[] = [
  {
    what: new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'XX' + 'X'].join('|')})\\b`, 'g'),
    why: 'do it, or say why not',
  },
  { what: new RegExp(`\\.\\.${'/sha'}red\\b`, 'g'), why: 'the project stands alone' },
  {
    what: new RegExp(
      `(?<![\\w.$}/])/${'(?:wo' + 'rk|ho' + 'me|Us' + 'ers|ro' + 'ot|tm' + 'p'})/\\w|\\b[A-Z]:\\\\\\\\?(?:Us${'ers'}|Win)`,
      'g',
    ),
    why: 'a path of one machine',
  },
  {
    what: new RegExp(`\\b(?:regis${'try'}\\.(?:npmjs|yarnpkg|docker)|pypi\\.${'org'}|npm\\.pkg\\.github)\\b`, 'g'),
    why: 'where packages come from is for the machine to say',
  },
]

/**
 * Lines of code a file or a function may have: comments, blank lines and the insides of strings are free, and a function
 * does not pay for those inside it. The formatter holds code to 120 characters a line; `line` is for what it leaves.
 */
export const lengths = { source: 250, test: 400, body: 60, line: 130 } as const

/** Files that are longer than they may be. The numbers only go down: one that is 25 too high is a finding. */
const longFiles: Readonly<Record<string, number>> = {
  // A table of settings, which is read from top to bottom.
  'src/config.ts': 564,
  // The model that other stores are measured by, in one piece.
  'src/storage/memory/memory-store.ts': 369,
  'test/storage/store.test.ts': 516,
}

/** Functions that are longer than they may be, as `path:name`. The numbers only go down, likewise. */
const longBodies: Readonly<Record<string, number>> = {}
const slack = 25

/** Everything that is wrong, in the order of the files. */
export function findings(
  files: readonly SourceFile[],
  long = { files: longFiles, bodies: longBodies },
): readonly Finding[] {
  return [...files.flatMap(file => findingsIn(file, long)), ...staleExceptions(files, long)]
}

type Long = { readonly files: Readonly<Record<string, number>>; readonly bodies: Readonly<Record<string, number>> }

function findingsIn(file: SourceFile, long: Long): readonly Finding[] {
  const everywhere = [...names(file), ...wordsIn(file)]
  if (!/\.[jt]s$/.test(file.path)) return everywhere
  const code = scan(file.text)
  const isSource = file.path.startsWith('src/') && !isTest(file.path)
  return [
    ...everywhere,
    ...opening(file),
    ...lineLengths(file, code),
    ...fileLength(file, code, long),
    ...(isTest(file.path) ? bans(file, code, bansInTests) : []),
    ...bans(file, code, isTest(file.path) ? bansInSource.filter(ban => ban.in.includes('test/')) : bansInSource),
    ...(file.path.startsWith('src/') ? arrows(file, code) : []),
    ...(isSource ? [...foreign(file, code), ...bodyLengths(file, code, long)] : []),
  ]
}

const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('test/')
const isIn = (path: string, places: readonly string[]): boolean => places.some(place => path.startsWith(place))

const badNames = /(?:^|\/|[-.])(?:utils?|helpers?|common|managers?|misc|stuff)(?=[-./]|$)/

function names({ path }: SourceFile): readonly Finding[] {
  // `pages/manager` is the product's own word for its pages.
  const plain = path.replace(/\/manager(?=[./])/g, '/')
  return badNames.test(plain)
    ? [{ path, line: 1, rule: 'name', says: 'a name that says nothing about what is inside' }]
    : []
}

// What others wrote and generated is theirs: lock files, licences, vectors.
const unread = /(?:^|\/)(?:package-lock\.json|LICENSE|NOTICE)$|\.(?:png|ico|woff2|db|gz|svg)$/

function wordsIn({ path, text }: SourceFile): readonly Finding[] {
  if (unread.test(path)) return []
  return words.flatMap(({ what, why }) =>
    [...text.matchAll(what)].map(found => {
      const line = lineAt(text, found.index)
      return { path, line, rule: 'words', says: `${JSON.stringify(found[0])}: ${why}` } as const
    }),
  )
}

function opening({ path, text }: SourceFile): readonly Finding[] {
  if (!path.startsWith('src/') || isTest(path)) return []
  const start = text.replace(/^#![^\n]*\n/, '')
  if (/^(?:\/\/ ?\S|\/\*)/.test(start)) return []
  return [{ path, line: 1, rule: 'comment', says: 'a file starts by saying in plain words what it is' }]
}

function lineLengths({ path, text }: SourceFile, { bare }: Scan): readonly Finding[] {
  const code = bare.split('\n')
  return text.split('\n').flatMap((line, at) => {
    // A sentence in a string cannot be broken; a line that is long without its strings, or a comment, can.
    const isString = code[at]?.trim() !== '' && /['"`]\s{40,}|^\s{60,}/.test(code[at] ?? '')
    if ([...line].length <= lengths.line || isString) return []
    return [{ path, line: at + 1, rule: 'length', says: `a line longer than ${lengths.line} characters` } as const]
  })
}

const codeLines = (code: Scan): number => code.hasCode.filter(Boolean).length

function fileLength({ path }: SourceFile, code: Scan, long: Long): readonly Finding[] {
  const lines = codeLines(code)
  const bound = Math.max(long.files[path] ?? 0, isTest(path) ? lengths.test : lengths.source)
  return lines <= bound ? [] : [{ path, line: 1, rule: 'length', says: `${lines} lines of code; ${bound} is the most` }]
}

function bans({ path, text }: SourceFile, { bare }: Scan, table: readonly Ban[]): readonly Finding[] {
  return table
    .filter(ban => isIn(path, ban.in) && !isIn(path, ban.but))
    .flatMap(({ what, why }) =>
      [...bare.matchAll(what)].map(found => {
        return { path, line: lineAt(text, found.index), rule: 'ban', says: `${found[0].trim()}: ${why}` } as const
      }),
    )
}

/** The area of a path under src: its folder, or its name for the files at the top. */
const areaOf = (path: string): string => path.replace(/^src\//, '').replace(/(?:\.test)?\.[jt]s$|\/.*$/, '')

function arrows({ path }: SourceFile, { imports }: Scan): readonly Finding[] {
  const area = areaOf(path)
  const may: readonly string[] | 'everything' | undefined = Object.hasOwn(areas, area)
    ? areas[area as keyof typeof areas]
    : undefined
  const says = (line: number, words: string): Finding => ({ path, line, rule: 'arrow', says: words })
  if (may === undefined) return [says(1, `${area} has no place in the table of areas`)]
  return imports.flatMap(({ specifier, line }) => {
    if (specifier === undefined) return [says(line, 'an import that nobody can follow')]
    const target = targetOf(path, specifier)
    if (target === undefined || target === area) return []
    if (may === 'everything' ? !target.startsWith('test') : may.includes(target)) return []
    if (target === 'test' && isTest(path)) return []
    return [says(line, `${area} may not import ${specifier}`)]
  })
}

/** The area that an import leads to, or `undefined` when it leads out of the tree (a package, a part of Node). */
function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1).replace(/\/.*$/, '')
  if (!specifier.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(path), specifier)
  // Across folders the name of the folder is written, so that the arrow can be seen.
  const same = target.startsWith('src/') && areaOf(target) === areaOf(path)
  const top = posix.dirname(path) === 'src'
  return same || (top && target.startsWith('src/')) ? areaOf(target) : target
}

function foreign({ path }: SourceFile, { imports }: Scan): readonly Finding[] {
  return imports.flatMap(({ specifier, line }) => {
    if (specifier === undefined || specifier.startsWith('.') || specifier.startsWith('#')) return []
    const says = (words: string): readonly Finding[] => [{ path, line, rule: 'package', says: words }]
    if (specifier.startsWith('node:')) {
      if (isIn(path, withoutNode) && !isIn(path, withNode)) return says(`${specifier}: nothing of Node belongs here`)
      const places = builtins[specifier]
      return places === undefined || isIn(path, places) ? [] : says(`${specifier} does not belong here`)
    }
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const places = packages[name]
    if (places === undefined) return says(`${name} has no place in the table of packages`)
    return isIn(path, places) ? [] : says(`${name} belongs in ${places.join(', ')}`)
  })
}

type Body = { readonly name: string; readonly line: number; readonly lines: number }

function bodyLengths({ path, text }: SourceFile, code: Scan, long: Long): readonly Finding[] {
  return bodies(text, code).flatMap(({ name, line, lines }) => {
    const bound = Math.max(long.bodies[`${path}:${name}`] ?? 0, lengths.body)
    const says = `${name} has ${lines} lines of code; ${bound} is the most`
    return lines <= bound ? [] : [{ path, line, rule: 'length', says } as const]
  })
}

/** The functions with a body in braces, with their own lines of code: those of functions inside do not count. */
function bodies(text: string, { bare, hasCode }: Scan): readonly Body[] {
  const spans = [...bare.matchAll(functionStarts)].flatMap(start => {
    const opens = start[0].endsWith('{') ? start.index + start[0].length - 1 : bodyOf(bare, start.index)
    const closes = opens < 0 ? -1 : closing(bare, opens)
    const name = start.slice(1).find(each => each) ?? 'a function without a name'
    return closes < 0 ? [] : [{ name, first: lineAt(text, start.index), last: lineAt(text, closes) }]
  })
  return spans.map(({ name, first, last }) => {
    const own = hasCode.slice(first - 1, last)
    for (const inner of spans) {
      if (inner.first > first && inner.last < last) own.fill(false, inner.first - first, inner.last - first + 1)
    }
    return { name, line: first, lines: own.filter(Boolean).length }
  })
}

// function name( · const name = … => { · name(…): Type { as a method, which control flow only looks like.
const functionStarts = anyOf(
  /\bfunction\s*\*?\s*(\w*)/,
  /(?:\b(?:const|let)\s+(\w+)[^;{}]*?)?=>\s*\{/,
  /^ +(?:async |\*)?(?!(?:if|for|while|switch|catch|with|function)\b)(\w+)\([^(){}]*\)(?::[^={}();]*)?\s*\{/,
)

// The brace that opens the body comes after the parameters and the type of the answer, which have braces of their own.
function bodyOf(bare: string, from: number): number {
  let depth = 0
  for (let at = bare.indexOf('(', from); at >= 0 && at < bare.length; at += 1) {
    const sign = bare[at] ?? ''
    if (depth === 0 && sign === '{' && !/[:|&<,=]\s*$/.test(bare.slice(Math.max(from, at - 80), at))) return at
    if ('([{'.includes(sign)) depth += 1
    if (')]}'.includes(sign)) depth -= 1
    if (depth < 0) return -1
  }
  return -1
}

function closing(bare: string, opens: number): number {
  let depth = 0
  for (let at = opens; at < bare.length; at += 1) {
    if (bare[at] === '{') depth += 1
    if (bare[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

// An exception that is larger than need be is room to grow into.
function staleExceptions(files: readonly SourceFile[], long: Long): readonly Finding[] {
  const scans = new Map(files.map(file => [file.path, file.text]))
  const stale = (path: string, allowed: number, now: number): readonly Finding[] =>
    now <= allowed && now > allowed - slack
      ? []
      : [{ path, line: 1, rule: 'length', says: `the exception says ${allowed}; it is ${now} now` }]
  const ofFiles = Object.entries(long.files).flatMap(([path, allowed]) =>
    stale(path, allowed, codeLines(scan(scans.get(path) ?? ''))),
  )
  const ofBodies = Object.entries(long.bodies).flatMap(([key, allowed]) => {
    const [path = '', name = ''] = key.split(':')
    const text = scans.get(path) ?? ''
    return stale(path, allowed, bodies(text, scan(text)).find(body => body.name === name)?.lines ?? 0)
  })
  return [...ofFiles, ...ofBodies]
}

/** One pattern out of several, to find all of them, line by line. */
function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(each => each.source).join('|'), 'gm')
}
