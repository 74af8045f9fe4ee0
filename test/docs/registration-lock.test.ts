// All that the door of registrations does is in its guide. That it works as it is printed, guides.test.ts shows.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { registrationRoutes } from '#faces/rest/registrations.ts'
import { twoStepRoutes } from '#faces/rest/two-step.ts'
import { webhookRoutes } from '#faces/rest/webhook.ts'

const guide = readFileSync('docs/guide/registration-lock.md', 'utf8')

test('every call and every refusal of the door is in the guide', () => {
  const routes = [...registrationRoutes, ...twoStepRoutes, ...webhookRoutes]
  const paths = routes.map(({ path }) => path.slice(1).replace(':id', '{id}'))
  assert.ok(paths.length > 15)
  assert.deepEqual(
    paths.filter(path => !guide.includes(path)),
    [],
  )
  const kinds = ['problems', 'idempotent'].flatMap(each =>
    [...readFileSync(`src/faces/rest/${each}.ts`, 'utf8').matchAll(/ kind: '(\w+)',\n {2}title/g)].map(
      ([, kind]) => kind ?? '',
    ),
  )
  assert.ok(kinds.length > 20)
  // An answer that is shown once is the accounts' own: accounts.test.ts looks for it.
  const others = ['shown_once']
  assert.deepEqual(
    kinds.filter(kind => !guide.includes(`\`${kind}\``) && !others.includes(kind)),
    [],
  )
})
