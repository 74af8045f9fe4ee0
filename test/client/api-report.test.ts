// The API report in the tree is the API: who changes one sees the other in the same review.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { report, reportPath } from '../../scripts/client-package.ts'

test('the API of the client is the one that was reviewed: if it was meant to change, npm run report:client', () => {
  assert.equal(report(), readFileSync(reportPath, 'utf8'))
})
