// The two kinds of connection, and every setting that matters said aloud: a default may change under us.

import { DatabaseSync } from 'node:sqlite'

/**
 * Opens the writing connection. Only one is open at a time (see lock.ts).
 * `maxPages`: pages of 4096 bytes the file may grow to, above which it counts as full; no bound when absent.
 */
export function openForWriting(file: string, maxPages: number | undefined): DatabaseSync {
  const db = new DatabaseSync(file, { ...hardened, timeout: 5_000 })
  db.exec(`
    -- Readers go on while a commit is written, and a commit costs one fsync.
    PRAGMA journal_mode = WAL;
    -- NORMAL would lose answered commits in a power cut: a guess would come back.
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    -- A file is data, not code: its schema may not call functions.
    PRAGMA trusted_schema = OFF;
    -- Damage shows where it is met, not pages later.
    PRAGMA cell_size_check = ON;
    -- Removed bodies are wiped from the pages that are written anyway.
    PRAGMA secure_delete = FAST;
    -- A bad sector read through a memory map kills the process; read() fails politely.
    PRAGMA mmap_size = 0;
    -- 64 MiB: the inner pages of every tree at ten million subjects.
    PRAGMA cache_size = -65536;
    -- 16 MiB of log before pages move into the file: hot pages move once, not at every commit.
    PRAGMA wal_autocheckpoint = 4096;
    -- A log that grew while a backup read is cut back.
    PRAGMA journal_size_limit = 67108864;
  `)
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${Math.trunc(maxPages)}`)
  return db
}

/** Opens a reading connection. Several may be open, in several processes, while one writes. */
export function openForReading(file: string): DatabaseSync {
  // In WAL mode a reader waits only while a crashed writer's log is recovered: short, as it may wait on the serving thread.
  const db = new DatabaseSync(file, { ...hardened, readOnly: true, timeout: 1_000 })
  db.exec(`
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -65536;
  `)
  return db
}

const hardened = {
  allowExtension: false,
  enableForeignKeyConstraints: true,
  enableDoubleQuotedStringLiterals: false,
  defensive: true,
  readBigInts: false,
} as const
