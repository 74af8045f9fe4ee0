// The list of leaked passwords: those that were found most often, one a line in passwords.txt, in the order of their bytes.
//
// It is the list `passwords-common` of @zxcvbn-ts/language-common 4.1.3 (MIT, see LICENSE beside this file), sorted, without
// entries shorter than four characters. Read when a password is first chosen, and never at a start: 0.4 MB as it lies in the
// file, searched by halves, is a tenth of what it would be as a set of strings.

import { readFile } from 'node:fs/promises'

const newLine = 10
let list: Promise<Buffer> | undefined

/** Whether one of these is on the list. They are compared as they are: bring them in small letters. */
export async function isLeakedPassword(forms: readonly string[]): Promise<boolean> {
  list ??= readFile(new URL('./passwords.txt', import.meta.url))
  const lines = await list
  return forms.some(form => form !== '' && holds(lines, Buffer.from(form)))
}

function holds(lines: Buffer, word: Buffer): boolean {
  let [from, to] = [0, lines.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    const begins = middle === 0 ? 0 : lines.lastIndexOf(newLine, middle - 1) + 1
    const ends = lines.indexOf(newLine, begins)
    const order = Buffer.compare(word, lines.subarray(begins, ends))
    if (order === 0) return true
    if (order < 0) to = begins
    else from = ends + 1
  }
  return false
}
