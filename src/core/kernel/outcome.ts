// Expected endings are values told apart by `kind`; what is thrown is a bug or a broken wire.

/** A bug: something the program promised itself does not hold. Never caught to decide anything. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/** Throws {@link Broken} unless `holds`. */
export function assert(holds: unknown, promise: string): asserts holds {
  if (!holds) throw new Broken(promise)
}

/** Stops compiling when a `switch` on `kind` forgets an ending. */
export function unreachable(forgotten: never): never {
  throw new Broken(`no branch for ${JSON.stringify(forgotten)}`)
}
