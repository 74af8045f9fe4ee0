// A business account (WABA): who looks after phone numbers through the business doors, and with which access tokens.

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'

/** What an access token may do, in Meta's words. */
export const permissions = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const
export type Permission = (typeof permissions)[number]

export type AccessToken = {
  /** What the token's secret is checked against. */
  readonly verifier: string
  readonly permissions: readonly Permission[]
  readonly issuedAt: Instant
  /** `undefined`: until it is revoked, as system users' tokens are. */
  readonly expires: Instant | undefined
}

export type Business = {
  readonly name: string
  /** Where notices go: the business portfolio's address. */
  readonly email: string
  readonly createdAt: Instant
  readonly seen: Instant
  readonly tokens: readonly AccessToken[]
  /** What signs its webhooks, as Meta's app secret does. Kept as it is, for it signs; the document is sealed. */
  readonly appSecret?: string | undefined
  /** Where its webhooks go, once that address has confirmed that it wants them. */
  readonly subscription?: Subscription | undefined
}

/** A subscription to webhooks, as Graph's `subscribed_apps` makes it. */
export type Subscription = { readonly callbackUri: string; readonly since: Instant }

export type BusinessEvent =
  | { readonly kind: 'app_secret.made' | 'webhook.subscribed' | 'webhook.unsubscribed' }
  | { readonly kind: 'business.created' }
  | { readonly kind: 'access_token.issued'; readonly permissions: readonly Permission[] }
  | { readonly kind: 'access_token.revoked'; readonly tokens: number }

/** Takes tokens away: the one whose secret's verifier is given, or all. Answers how many went. */
export function revokeTokens(business: Business, verifier: string | undefined): { next: Business; revoked: number } {
  const tokens = business.tokens.filter(each => verifier !== undefined && each.verifier !== verifier)
  return { next: { ...business, tokens }, revoked: business.tokens.length - tokens.length }
}

export type IssueTokenEnding =
  | { readonly kind: 'issued'; readonly next: Business }
  | { readonly kind: 'too_many_tokens' }

/** Adds an access token; tokens that have run out make room first. */
export function issueToken(business: Business, token: AccessToken, now: Instant, limits: Limits): IssueTokenEnding {
  const live = business.tokens.filter(each => each.expires === undefined || now < each.expires)
  if (live.length >= limits.accessTokensPerBusiness) return { kind: 'too_many_tokens' }
  return { kind: 'issued', next: { ...business, tokens: [...live, token] } }
}
