// The second wall of the log: blanks whatever looks like a person's or a secret thing in a finished line.
//
// The first wall is the log's types (log.ts). This one is for what slips by them: an exception whose text quotes its
// input, a library that is chattier than it should be. It rather blanks too much than too little.

/** What stands where something was blanked. */
export const blank = '[scrubbed]'

/** Shapes, in order: the wider ones first, so that none is left half. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // Credentials inside a URL (`postgres://user:password@host`).
  [/:\/\/[^/\s"'@]{0,512}@/g, `://${blank}@`],
  [/\b(bearer|basic|oauth)\s+[A-Za-z0-9._~+/-]{6,}=*/gi, `$1 ${blank}`],
  // Access tokens: Graph's, ours, and anything signed in three parts.
  [/\bEAA[A-Za-z0-9]{8,}/g, blank],
  [/\btw[a-z]{1,3}_[A-Za-z0-9_-]{6,}/g, blank],
  [/\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g, blank],
  // An e-mail address; the bounds (RFC 5321 §4.5.3.1) keep a long text from being searched in squared time.
  [/[^\s"'<>()[\]{},;:=/\\@]{1,64}(?:@|%40)[^\s"'<>()[\]{},;:=/\\@]{1,255}/gi, blank],
  // E.164 and the ways people space it: 7 to 15 digits after a plus.
  [/(?:\+|%2B)[\s(]{0,2}\d(?:[\s().-]{0,3}\d){6,14}(?!\d)/gi, blank],
  // A code or a PIN: six digits alone, also in two groups of three as messages show them.
  [/(?<![\p{L}\p{N}_])(?<!\d\.)\d{3}[ -]?\d{3}(?![\p{L}\p{N}_])/gu, blank],
]

/** Blanks every such shape in one text. */
export function scrub(text: string): string {
  let clean = text
  for (const [shape, instead] of shapes) clean = clean.replace(shape, instead)
  return clean
}

/**
 * Most lines hold none of the signs that every shape has to have; they are left as they are. An escape is one, too: a
 * code right after it does not look alone.
 */
const suspicious = /\\[a-z]|(?<!\w)\d{3}[ -]?\d{3}(?!\w)|[@+]|%40|%2b|EAA|eyJ|\btw[a-z]{1,3}_|bearer|basic|oauth/i

const jsonText = /"(?:[^"\\]|\\.)*"/g

/** Blanks every such shape in the texts of a line of JSON, and leaves its numbers and its form. */
export function scrubLine(line: string): string {
  if (!suspicious.test(line)) return line
  return line.replace(jsonText, quoted => {
    // Read first: in `"\n123456"` the code does not stand alone until the escape is undone.
    const text = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
    const clean = scrub(text)
    return clean === text ? quoted : JSON.stringify(clean)
  })
}
