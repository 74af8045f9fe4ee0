// Reads TypeScript just far enough to tell code from comments, strings and regular expressions, so that a rule about
// code is not set off by a sentence, nor fooled by one.

/** An import, export-from or dynamic import. `specifier` is undefined where it is not one plain string. */
export type Import = { readonly specifier: string | undefined; readonly line: number }

export type Scan = {
  /** The text with comments and the insides of strings and regular expressions blanked; same length, same lines. */
  readonly bare: string
  readonly imports: readonly Import[]
  /** Per line: whether it holds code. Index 0 is line 1. */
  readonly hasCode: readonly boolean[]
}

export function scan(text: string): Scan {
  const bare = blanked(text)
  return { bare, imports: importsIn(text, bare), hasCode: bare.split('\n').map(line => line.trim() !== '') }
}

/** The line (from 1) that holds the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

const pieces = {
  lineComment: /\/\/[^\n]*/y,
  blockComment: /\/\*[\s\S]*?\*\//y,
  single: /'(?:[^'\\\n]|\\[\s\S])*'/y,
  double: /"(?:[^"\\\n]|\\[\s\S])*"/y,
  // From a backtick, or the brace that ends what was put in, to the next backtick or the next thing that is put in.
  template: /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y,
  expression: /\/(?![/*])(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y,
}

function blanked(text: string): string {
  const out: string[] = []
  // For each template that is open, how many braces are open in what is being put into it.
  const open: number[] = []
  let at = 0
  const take = (pattern: RegExp, keep: number): boolean => {
    pattern.lastIndex = at
    const piece = pattern.exec(text)?.[0]
    if (piece === undefined) return false
    // The marks around a string stay, so that what is code around it stays readable.
    const inner = piece.length - 2 * keep
    out.push(piece.slice(0, keep), blank(piece.slice(keep, keep + inner)), piece.slice(keep + inner))
    at += piece.length
    return true
  }
  const takeTemplate = (): void => {
    pieces.template.lastIndex = at
    const piece = pieces.template.exec(text)?.[0] ?? text.slice(at)
    const more = piece.endsWith('${')
    if (more) open.push(0)
    const mark = more ? 2 : 1
    out.push(blank(piece.slice(0, -mark)), more ? '  ' : '`')
    at += piece.length
  }
  while (at < text.length) {
    const sign = text[at]
    if (sign === '/' && (take(pieces.lineComment, 0) || take(pieces.blockComment, 0))) continue
    if (sign === '/' && mayStartExpression(out) && take(pieces.expression, 0)) continue
    if (sign === "'" && take(pieces.single, 1)) continue
    if (sign === '"' && take(pieces.double, 1)) continue
    at += 1
    if (sign === '`') {
      out.push('`')
      takeTemplate()
      continue
    }
    const depth = open.length - 1
    if (sign === '}' && open[depth] === 0) {
      open.pop()
      out.push(' ')
      takeTemplate()
      continue
    }
    if (depth >= 0 && sign === '{') open[depth] = (open[depth] ?? 0) + 1
    if (depth >= 0 && sign === '}') open[depth] = (open[depth] ?? 0) - 1
    out.push(sign ?? '')
  }
  return out.join('')
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

// A slash divides after a value and starts a regular expression anywhere else.
function mayStartExpression(out: readonly string[]): boolean {
  const before = out.slice(-40).join('').trimEnd()
  return (
    before === '' || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|yield|await))$/.test(before)
  )
}

function importsIn(text: string, bare: string): readonly Import[] {
  const imports: Import[] = []
  for (const found of bare.matchAll(/(?:\bfrom|\bimport)\s*(?=['"])|\bimport\s*\(\s*|\brequire\s*\(\s*/g)) {
    const start = found.index + found[0].length
    const specifier = /^(['"])([^'"\n]*)\1/.exec(text.slice(start, start + 300))?.[2]
    imports.push({ specifier, line: lineAt(text, found.index) })
  }
  return imports
}
