// `twostep settings`: the reference of all settings.

import { describeSettings } from '#config'
import type { CommandEnding } from './ending.ts'

export function settings(): CommandEnding {
  const reference = describeSettings()
  return { code: 0, words: reference.trimEnd(), json: { settings: rowsOf(reference) } }
}

// The reference is a Markdown table: a head, a line, then a row for each setting; a bar inside a cell is escaped.
function rowsOf(table: string): readonly object[] {
  const [, , ...rows] = table.split('\n').filter(Boolean)
  return rows.map(row => {
    const [setting = '', values, otherwise, reason] = row
      .slice(2, -2)
      .split(/(?<!\\) \| /)
      .map(cell => cell.replaceAll('\\|', '|'))
    const [, name] = /^`(\w+)`/.exec(setting) ?? []
    return { name, secret: setting.includes('(secret'), values, default: otherwise, reason }
  })
}
