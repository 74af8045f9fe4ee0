// JSON in ASCII: what is not ASCII is written `\uXXXX`, in lower case, as Meta writes its webhooks. Signed bytes then are
// the same for a receiver that checks them as text, whatever it believes the encoding to be.

/** Writes a value as JSON in ASCII. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
