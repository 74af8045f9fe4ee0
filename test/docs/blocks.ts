// Blocks of code in the documents: what they are, and running those that a person pastes into a shell.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { operatorToken, startSandbox } from '../faces/sandbox.ts'

const root = join(import.meta.dirname, '../..')

/** One fenced block. `notRun`: why it is not run, as its fence says: ```sh not-run="…". */
export type Block = {
  readonly language: string
  readonly notRun: string | undefined
  readonly text: string
  readonly line: number
}

/** The blocks of a document, from top to bottom. */
export function blocksOf(document: string): readonly Block[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w+)(?: not-run="([^"]+)")?\n(.*?)^```$/gms)].map(found => ({
    language: found[1] ?? '',
    notRun: found[2],
    text: found[3] ?? '',
    line: text.slice(0, found.index).split('\n').length,
  }))
}

/** What a comment at the end of a line promises of the output: all that stands in quotes, with its value. */
const promisedBy = (comment: string): readonly string[] =>
  [...comment.matchAll(/"[^"]+"(?::(?:"[^"]*"|[\w.]+))?/g)].map(([promised]) => promised)

// What a person has in their shell: the token that they would paste, and this Twostep as npx finds it.
const prelude = `exec 2>&1
read() { :; }
npx() { shift; node "$ROOT/src/cli/twostep.js" "$@"; }
`

/**
 * Pastes a document's blocks into one shell, one after the other, beside a sandbox of its own, and holds each line's output to
 * what its comment promises. The working folder is new, and `data` in it is the sandbox's. Answers how many promises held.
 */
export async function paste(document: string): Promise<number> {
  const script = blocksOf(document)
    .filter(({ language, notRun }) => language === 'sh' && notRun === undefined)
    .map(({ text }) => text)
    .join('')
  const promises: (readonly [line: string, promised: readonly string[]])[] = []
  const marked = script.replaceAll(/^(.*?\S) +# (.*)$/gm, (line, code: string, comment: string) => {
    const promised = promisedBy(comment)
    if (promised.length === 0) return line
    promises.push([line, promised])
    return `${code}\nprintf '\\n@@%s\\n' ${promises.length - 1}`
  })
  await using sandbox = await startSandbox()
  const { port } = new URL(sandbox.url)
  const folder = mkdtempSync(join(tmpdir(), 'twostep-pasted-'))
  try {
    symlinkSync(sandbox.folder, join(folder, 'data'))
    const env = {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      ...{ HOME: folder, ROOT: root, OPERATOR: operatorToken, WABA: sandbox.ready?.business },
      ...{ TWOSTEP_PORT: port, TWOSTEP_DATA_DIR: 'data', TWOSTEP_OPERATOR_TOKEN: operatorToken },
    }
    const input = prelude + marked.replaceAll('http://127.0.0.1:8022', sandbox.url)
    const { stdout } = await promisify(execFile)('bash', ['-ec', input], { cwd: folder, env })
    const outputs = [...stdout.matchAll(/(.*?)\n@@(\d+)\n/gs)].map(([, output]) => output ?? '')
    assert.equal(outputs.length, promises.length, `${document}: ${stdout}`)
    for (const [at, [line, promised]] of promises.entries()) {
      for (const each of promised) {
        const said = outputs[at]?.includes(each) || outputs[at]?.includes(each.slice(1, -1))
        assert(said, `${document}: ${line}\nanswered ${outputs[at]}`)
      }
    }
    return promises.length
  } finally {
    rmSync(folder, { recursive: true })
  }
}
