// Which URLs may be given for webhooks: what can be told from the text alone. Where the name leads is looked at whenever it
// is called (see addresses.ts), because names move.

export type WebhookRules = {
  /** Plain http is for the sandbox: on its way, anybody could read what happens to people's numbers. */
  readonly plainHttp: boolean
}

export type ReadWebhookUrl =
  | { readonly kind: 'url'; readonly url: string }
  /** `problem` says what to write instead, for people. */
  | { readonly kind: 'not_a_url'; readonly problem: string }

const longest = 2_000

/** Reads a URL that webhooks are to go to. Answers it in its one spelling. */
export function readWebhookUrl(text: string, rules: WebhookRules): ReadWebhookUrl {
  const wrong = (problem: string): ReadWebhookUrl => ({ kind: 'not_a_url', problem })
  if (text.length > longest) return wrong(`write a URL of at most ${longest} characters`)
  // A line break or a tab would be dropped by the reader of URLs and stay in whatever else reads the text.
  const url = /^[!-~]+$/.test(text) ? URL.parse(text) : null
  if (url === null) return wrong('write a URL such as https://example.com/hooks')
  if (url.protocol !== 'https:' && !(rules.plainHttp && url.protocol === 'http:')) {
    return wrong('write a URL that begins with https://')
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('leave name and password out of the URL: the signature says who sends')
  }
  if (url.hash !== '') return wrong('leave the part from # on out of the URL: it is never sent')
  return { kind: 'url', url: url.href }
}
