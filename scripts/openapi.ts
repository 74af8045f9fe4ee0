// Writes src/contract/openapi.json after a change of the contract that was meant: `npm run report:openapi`.

import { readFileSync, writeFileSync } from 'node:fs'
import { openapi } from '#contract/openapi.ts'

const root = new URL('../', import.meta.url)
const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

/** Where it stands in the tree. */
export const openapiPath = new URL('src/contract/openapi.json', root)

/** The file as it should stand in the tree, with what is short on one line. */
export function openapiText(): string {
  return `${laidOut(openapi(read('package.json').version, read('src/contract/examples.json')))}\n`
}

function laidOut(value: unknown, indent = ''): string {
  const short = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || short.length + indent.length <= 110) return short
  const inner = `${indent} `
  if (Array.isArray(value)) return `[\n${value.map(each => inner + laidOut(each, inner)).join(',\n')}\n${indent}]`
  const fields = Object.entries(value).map(([name, each]) => `${inner}${JSON.stringify(name)}: ${laidOut(each, inner)}`)
  return `{\n${fields.join(',\n')}\n${indent}}`
}

if (import.meta.main) writeFileSync(openapiPath, openapiText())
