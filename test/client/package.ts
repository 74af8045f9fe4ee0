// The packed client, installed from its tarball into an empty folder, and the Nodes of this machine that it is run with.

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { pack } from '../../scripts/client-package.ts'

const execute = promisify(execFile)

/** Packs, and installs into an empty folder: no package of others may be needed, so none can be fetched. */
export function installClient() {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-client-'))
  const tarball = pack(join(folder, 'packed'))
  const project = join(folder, 'project')
  mkdirSync(project)
  execFileSync('npm', ['install', '--offline', '--prefix', project, tarball], { cwd: project, stdio: 'pipe' })
  return {
    tarball,
    project,
    write(name: string, text: string): string {
      const path = join(project, name)
      writeFileSync(path, text)
      return path
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

export type Printed = { readonly out: string; readonly err: string }

/** Runs a program of the project with some Node; throws what it printed when it fails. */
export async function run(node: string, path: string, env: Readonly<Record<string, string>> = {}): Promise<Printed> {
  const { stdout, stderr } = await execute(node, [path], { env: { PATH: process.env.PATH, ...env } })
  return { out: stdout, err: stderr }
}

/** The project's own Node, and the machine's when that is an older one. */
export function nodes(): readonly { readonly node: string; readonly version: string }[] {
  const versionOf = (node: string) => {
    try {
      return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    } catch {
      return undefined
    }
  }
  const others = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(folder => !folder.includes('node_modules'))
    .map(folder => join(folder, 'node'))
  const found = [process.execPath, ...others].flatMap(node => {
    const version = versionOf(node)
    return version === undefined ? [] : [{ node, version }]
  })
  return found.filter(({ version }, at) => found.findIndex(each => each.version === version) === at)
}
