// What one request carries with it through the app, whatever door it came by.

import type { HttpBindings } from '@hono/node-server'
import type { ReadParameters } from '#http/body.ts'
import type { Gathered } from '#http/head.ts'

/** The type parameter of every `Hono` app here. Bindings are missing when an app is called without a socket. */
export type Exchange = {
  Bindings: Partial<HttpBindings>
  Variables: {
    /** Random, made by us; also in the answer's `X-Request-Id` (see request-id.ts). */
    requestId: string
    /** Aborts when the request's time is up or its client is gone (see deadline.ts). */
    deadline: AbortSignal
    /** Which door serves this request; one of a closed set, set by the door itself (see observed.ts). */
    door: string
    /** Headers for the answer (see head.ts). */
    gathered: Gathered | undefined
    /** What the request says, once somebody asked (see body.ts). */
    parameters: Promise<ReadParameters> | undefined
  }
}
