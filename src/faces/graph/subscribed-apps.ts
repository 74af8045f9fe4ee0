// `/{waba-id}/subscribed_apps`: where a business account's webhooks go. There are no apps here with an address of their own,
// so a subscription always names its callback, as Meta's `override_callback_uri`, and the one app that is listed is the
// business itself.

import {
  type SubscribeWebhooksEnding,
  subscribeWebhooks,
  subscriptionOf,
  unsubscribeWebhooks,
} from '#actions/business-webhook.ts'
import type { World } from '#actions/world.ts'
import { Secret } from '#secrets/secret.ts'
import type { Met } from './calls.ts'
import type { GraphError } from './errors.ts'
import * as errors from './errors.ts'
import { answer, callOf, refuse } from './exchange.ts'
import { errorOf, type Outcomes } from './outcomes.ts'

export async function listSubscribed({ c, business }: Met, world: World, publicUrl: string): Promise<Response> {
  const known = await subscriptionOf(world, business)
  if (known?.subscription === undefined) return answer(c, { data: [] })
  const app = { link: publicUrl, name: known.name, id: business }
  const { callbackUri } = known.subscription
  return answer(c, { data: [{ whatsapp_business_api_data: app, override_callback_uri: callbackUri }] })
}

export async function subscribe({ c, business, parameters }: Met, world: World): Promise<Response> {
  const { override_callback_uri: uri, verify_token: token } = parameters
  if (uri === undefined) return refuse(c, errors.missingParameter('override_callback_uri'))
  if (token === undefined) return refuse(c, errors.missingParameter('verify_token'))
  if (typeof uri !== 'string') return refuse(c, errors.invalidParameter('Param override_callback_uri must be a URL.'))
  if (typeof token !== 'string' || !/^[ -~]{1,256}$/.test(token)) {
    return refuse(c, errors.invalidParameter('Param verify_token must be 1 to 256 printable ASCII characters.'))
  }
  const command = { business, callbackUri: uri, verifyToken: Secret.of(token) }
  const error = errorOf(outcomes, await subscribeWebhooks(world, callOf(c, business), command))
  return error === undefined ? answer(c, { success: true }) : refuse(c, error)
}

export async function unsubscribe({ c, business }: Met, world: World): Promise<Response> {
  await unsubscribeWebhooks(world, callOf(c, business), { business })
  return answer(c, { success: true })
}

const unconfirmed = (why: string): GraphError => ({
  status: 400,
  code: 2200,
  title: 'Callback verification failed',
  details: `${why} Answer the GET with status 200 and the value of hub.challenge as the whole body.`,
})

const away = () => unconfirmed('The callback URL was not reached, or it leads where this server does not call.')

const outcomes: Outcomes<SubscribeWebhooksEnding> = {
  subscribed: () => undefined,
  not_a_url: ({ problem }) => errors.invalidParameter(`Param override_callback_uri: ${problem}.`),
  no_app_secret: () =>
    errors.invalidParameter('This business has no app secret to sign with. Ask the operator to make one.'),
  not_confirmed: ({ status }) => unconfirmed(`The callback URL answered ${status}, or with another body.`),
  forbidden: away,
  unreachable: away,
  timed_out: () => unconfirmed('The callback URL took too long to answer.'),
}
