// Files that only their owner may read, and that a power cut does not take back: the key ring, the vault of a fleet.

import { closeSync, constants, fsyncSync, openSync, writeFileSync } from 'node:fs'

/** Writes a file that must not exist yet, readable by its owner only from the first byte on, and makes it durable. */
export function writeNew(file: string, text: string): void {
  const opened = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(opened, text)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Makes a rename or a link in the folder durable: without this, a power cut brings the old file back. */
export function syncFolder(folder: string): void {
  const opened = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** What the system calls an error, such as ENOENT; `unknown` of what is none of its own. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
