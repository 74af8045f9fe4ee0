// The file that a group of test files is run by: how it is named, written and read, in one place.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const inOneProcess = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'in-one-process.ts')))

/**
 * Writes the entry of a group into `folder`; answers its path. The runner takes entries in the order of their names: `at` says
 * which comes first.
 * @param {string} folder
 * @param {number} at
 * @param {string} name the folder that the files are of
 * @param {readonly string[]} files absolute paths
 */
export function writeEntry(folder, at, name, files) {
  const entry = join(folder, 'groups', String(at).padStart(3, '0'), `${name}.mjs`)
  mkdirSync(dirname(entry), { recursive: true })
  const listed = JSON.stringify(files)
  writeFileSync(entry, `import { runInOneProcess } from ${inOneProcess}\nawait runInOneProcess(${listed})\n`)
  return entry
}

/**
 * The name of the group whose entry this is, if it is one.
 * @param {string} path
 */
export const groupOfEntry = path => /\/groups\/\d+\/(.+)\.mjs$/.exec(path)?.[1]
