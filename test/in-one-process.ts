// Several test files in one process, one after another: the program is loaded and warmed up once for all of them, which is
// most of what a file costs by itself.

import { relative } from 'node:path'
import { after, suite } from 'node:test'
import { pathToFileURL } from 'node:url'
import { letTimeGo } from './still-time.ts'

/** Runs each of `files` as a suite of its own. The next one is loaded when all of one has ended, its hooks too. */
export async function runInOneProcess(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const ended = Promise.withResolvers<void>()
    void suite(relative('.', file), () => {
      // Within another: a hook that breaks keeps those after it, in the same suite, from being called.
      void suite('', async () => void (await import(pathToFileURL(file).href)))
      after(() => {
        letTimeGo()
        ended.resolve()
      })
    })
    await ended.promise
  }
}
