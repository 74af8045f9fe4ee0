// A bound on what one courier has under way, in all and to one receiver. The outbox has so many hands for all channels: a
// mail server that hangs, or receivers that are slow on purpose, must leave some of them for the codes.

/** `undefined` when there is no room; else call the answer once the work is over. */
export type AtOnce = (receiver: string) => (() => void) | undefined

export function createAtOnce(most: { readonly inAll: number; readonly each: number }): AtOnce {
  const underWay = new Map<string, number>()
  let all = 0
  return receiver => {
    const before = underWay.get(receiver) ?? 0
    if (all >= most.inAll || before >= most.each) return undefined
    all += 1
    underWay.set(receiver, before + 1)
    return () => {
      all -= 1
      const left = (underWay.get(receiver) ?? 1) - 1
      if (left === 0) underWay.delete(receiver)
      else underWay.set(receiver, left)
    }
  }
}
