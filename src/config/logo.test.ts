// The file of a logo.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readLogo } from './logo.ts'

const folder = mkdtempSync(join(tmpdir(), 'twostep-logo-'))
after(() => rmSync(folder, { recursive: true }))

function read(body: string | Uint8Array) {
  const path = join(folder, 'logo')
  writeFileSync(path, body)
  const reading = readLogo(path)
  return 'wrong' in reading ? reading.wrong : `${reading.value.type} ${reading.value.ratio.toFixed(2)}`
}

const png = (width: number, height: number): Uint8Array => {
  const head = Buffer.alloc(40)
  head.write('\x89PNG\r\n\x1a\n', 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}

test('an SVG or a PNG is taken, with the shape that its room on the page needs', () => {
  assert.equal(read(png(300, 100)), 'image/png 3.00')
  assert.equal(read('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"></svg>'), 'image/svg+xml 2.00')
  assert.equal(read('<?xml version="1.0"?>\n<svg width="30" height="40"/>'), 'image/svg+xml 0.75')
  assert.equal(read('<svg/>'), 'image/svg+xml 1.00')
  assert.equal(read(png(9_000, 10)), 'image/png 5.00')
})

test('what is no picture, too large or not there is refused, with what to write instead', () => {
  assert.match(read('GIF89a'), /^name an SVG or a PNG/)
  assert.match(read('<html><svg></svg></html>'), /^name an SVG or a PNG/)
  assert.match(read(`<svg>${' '.repeat(20_000)}</svg>`), /^name a file of at most 20000 bytes/)
  const gone = readLogo(join(folder, 'none'))
  assert.match('wrong' in gone ? gone.wrong : '', /^name a file that can be read/)
})
