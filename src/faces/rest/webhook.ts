// The webhook of an application: where it is told what happens to its registrations, and the secret that signs it.

import { deleteWebhook, putWebhook, rotateWebhookSecret, testWebhook, webhookOf } from '#actions/application-webhook.ts'
import { done, refused } from './answer.ts'
import * as outcomes from './outcomes.ts'
import { problemOf } from './outcomes.ts'
import * as problems from './problems.ts'
import { changes, looks, type Route } from './route.ts'
import { webhookView } from './views.ts'

export const webhookRoutes: readonly Route[] = [
  looks('/webhook', async ({ world, application }) => {
    const webhook = await webhookOf(world, application)
    return webhook === undefined ? refused(problems.noWebhook) : done(webhookView(webhook, world.clock.now()))
  }),

  changes(
    'PUT',
    '/webhook',
    contract => contract.webhookRequest,
    async ({ world, call, application }, { url }) => {
      const ending = await putWebhook(world, call, { application, url })
      const problem = problemOf(outcomes.putWebhook, ending)
      if (problem !== undefined || ending.kind !== 'placed') return refused(problem ?? problems.noWebhook)
      return done(
        webhookView(ending.webhook, world.clock.now(), ending.secret?.reveal()),
        ending.secret === undefined ? 200 : 201,
      )
    },
  ),

  changes(
    'DELETE',
    '/webhook',
    contract => contract.emptyRequest,
    async ({ world, call, application }) => {
      const problem = problemOf(outcomes.deleteWebhook, await deleteWebhook(world, call, { application }))
      return problem === undefined ? done({ removed: true }) : refused(problem)
    },
  ),

  changes(
    'POST',
    '/webhook/secret',
    contract => contract.emptyRequest,
    async ({ world, call, application }) => {
      const ending = await rotateWebhookSecret(world, call, { application })
      const problem = problemOf(outcomes.rotateSecret, ending)
      if (problem !== undefined || ending.kind !== 'rotated') return refused(problem ?? problems.noWebhook)
      return done(webhookView(ending.webhook, world.clock.now(), ending.secret.reveal()), 201)
    },
  ),

  changes(
    'POST',
    '/webhook/test',
    contract => contract.emptyRequest,
    async ({ world, call, application }) => {
      const problem = problemOf(outcomes.testWebhook, await testWebhook(world, call, { application }))
      return problem === undefined ? done({ sent: true }, 202) : refused(problem)
    },
  ),
]
