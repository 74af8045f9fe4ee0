// Every message in every language on one page, for a person who reads it:
//
//     node scripts/message-sheet.ts build/messages.html

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageSheet } from '../test/delivery/every-message.ts'

const path = process.argv[2] ?? 'build/messages.html'
mkdirSync(dirname(path), { recursive: true })
writeFileSync(path, messageSheet())
process.stdout.write(`${path}\n`)
