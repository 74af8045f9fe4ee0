// What is used of the package `web-push`, which brings no types: making a request that another part then sends.

declare module 'web-push' {
  export type RequestDetails = {
    readonly headers: Readonly<Record<string, string | number>>
    readonly body: Buffer | null
  }
  /** Encrypts (RFC 8291) and signs (RFC 8292). Throws an `Error` when a key has not its shape. */
  export function generateRequestDetails(
    subscription: { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } },
    payload: string,
    options: {
      readonly vapidDetails: { readonly subject: string; readonly publicKey: string; readonly privateKey: string }
      /** Seconds. */
      readonly TTL: number
      readonly urgency: 'very-low' | 'low' | 'normal' | 'high'
      readonly topic: string
      readonly contentEncoding: 'aes128gcm'
    },
  ): RequestDetails
}
