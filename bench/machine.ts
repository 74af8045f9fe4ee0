// What the figures were made on: without it they mean nothing.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

export type Machine = { readonly [fact: string]: string }

export function machineOf(postgres: string): Machine {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8'))
  return {
    processor: `${cpus()[0]?.model.trim()}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${nameOfSystem()}, Linux ${release()}`,
    node: process.version,
    sqlite: process.versions.sqlite ?? '',
    postgresql: postgres,
    twostep: `${version}, ${commit()}`,
    when: new Date().toISOString(),
  }
}

const nameOfSystem = (): string =>
  /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system'

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
    return `commit ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src') === '' ? '' : ' and changes'}`
  } catch {
    return 'no commit'
  }
}
