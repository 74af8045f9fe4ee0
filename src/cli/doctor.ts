// `twostep doctor`: what is missing for production, and how to mend it. It looks, and changes nothing.
//
//     settings ──▶ key ring, database, disk, clock, backups ──▶ mail and its records ──▶ providers, server, address

import process from 'node:process'
import { examineData } from './doctor/data.ts'
import { type Finding, found, type Level, ok } from './doctor/finding.ts'
import { examineMail, resolvedTxt, type TxtRecords } from './doctor/mail.ts'
import { examineOutside } from './doctor/outside.ts'
import { examineFiles, examineWay, readSettings } from './doctor/settings.ts'
import type { CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import type { Terminal } from './terminal.ts'

export type DoctorOptions = { readonly offline?: boolean }

/** `records`: how TXT records are looked up; by the machine's resolver unless told. */
export async function doctor(
  terminal: Terminal,
  { offline = false }: DoctorOptions,
  records: TxtRecords = resolvedTxt,
): Promise<CommandEnding> {
  const { env, clock } = terminal
  const { config, findings } = readSettings(env)
  const all: Finding[] = [examineNode(process.version), ...findings]
  if (config === undefined) {
    all.push(found('note', 'the rest', 'it is looked at once the settings can be read', 'Mend the settings first.'))
    return ending(all)
  }
  const looked = await Promise.all([
    safely('TLS', () => examineWay(config, clock.now())),
    safely('files with secrets', () => examineFiles(config, env)),
    safely('data', () => examineData(config, clock)),
    safely('e-mail', () => examineMail(config, clock, offline ? undefined : records)),
    safely('network', () => examineOutside(config, !offline)),
  ])
  all.push(...looked.flat())
  if (offline) {
    all.push(found('note', 'network', 'nothing was asked of it', 'Run it without --offline.'))
  }
  return ending(all)
}

/** What cannot be looked at must not keep the rest from being told. */
async function safely(
  about: string,
  look: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    const says = `it cannot be looked at (${code ?? name})`
    return [found('error', about, says, 'Look into what this machine says about it: permissions, disks, names.')]
  }
}

function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 15)) return ok('Node.js', version)
  return found('error', 'Node.js', `${version} is too old`, 'Install Node.js 24.15 or later.')
}

const levels: readonly Level[] = ['error', 'warning', 'note', 'ok']

function ending(findings: readonly Finding[]): CommandEnding {
  const sorted = levels.flatMap(level => findings.filter(each => each.level === level))
  const many = (level: Level) => sorted.filter(each => each.level === level).length
  const [errors, warnings] = [many('error'), many('warning')]
  const lines = sorted.flatMap(({ level, about, says, mend }) => [
    `${level.toUpperCase().padEnd(7)}  ${about}: ${says}`,
    ...(mend === undefined ? [] : [`         → ${mend}`]),
  ])
  const summary =
    errors > 0
      ? `${count(errors, 'error')}, ${count(warnings, 'warning')}: not ready for production.`
      : `No errors, ${count(warnings, 'warning')}.`
  return {
    code: errors > 0 ? 1 : 0,
    words: [...lines, summary].join('\n'),
    json: { ready: errors === 0, errors, warnings, findings: sorted },
  }
}
