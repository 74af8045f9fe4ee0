// The API report of the client: every declaration that a user of the package can name, and every one those lead to, in the
// order of the alphabet and without comments. It is kept in the tree, so that a change of the API is seen in review.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const introduction = `# The client's API

Written by \`npm run report:client\`; a test fails while it differs from the code. A line that goes away or changes here breaks
somebody's program: it belongs in the change log, and needs a new major version.

`

/** The report of declarations that were compiled into a folder. */
export function publicApi(folder: string): string {
  const files = readdirSync(folder).filter(name => name.endsWith('.d.ts') && name !== 'index.d.ts')
  const declarations = new Map(files.flatMap(name => declarationsIn(readFileSync(join(folder, name), 'utf8'))))
  const index = readFileSync(join(folder, 'index.d.ts'), 'utf8')
  const exported = [...index.matchAll(/\{([^}]*)\}/g)].flatMap(([, names]) =>
    (names ?? '').split(',').flatMap(each => /^\s*(?:type )?(\w+(?: as \w+)?)/.exec(each)?.[1] ?? []),
  )
  const names = exported.filter(name => !name.includes(' as '))
  const reached = new Set(names)
  // A set that grows while it is walked is walked to its end.
  for (const name of reached) {
    const text = declarations.get(name)
    if (text === undefined) throw new Error(`${name} is exported and declared nowhere`)
    for (const [word] of text.matchAll(/\b[A-Z]\w+\b/g)) if (declarations.has(word)) reached.add(word)
  }
  const section = (title: string, chosen: readonly string[]) =>
    `## ${title}\n\n\`\`\`ts\n${chosen.map(name => declarations.get(name)).join('\n\n')}\n\`\`\`\n`
  const inner = [...reached].filter(name => !names.includes(name))
  const renamed = exported.filter(name => name.includes(' as ')).map(name => `Exported too: \`${name}\`.\n\n`)
  return (
    introduction +
    renamed.join('') +
    `${section('Exported', names.toSorted())}\n` +
    section('What these are made of, and nobody can import', inner.toSorted())
  )
}

/** The declarations at the top of a file, by name. */
function declarationsIn(text: string): (readonly [string, string])[] {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^\s*\n/gm, '')
  return bare.split(/^(?=\S)(?![)}\]|])/m).flatMap(part => {
    const [, name] =
      /^(?:export )?(?:default )?(?:declare )?(?:interface|type|(?:abstract )?class|const|function) (\w+)/.exec(part) ??
      []
    return name === undefined ? [] : [[name, part.trimEnd()] as const]
  })
}
