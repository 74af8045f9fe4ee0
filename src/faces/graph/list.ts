// The list of a business account's phone numbers, in pages with cursors.

import { asOfNow } from '#actions/number.ts'
import type { World } from '#actions/world.ts'
import type { Met } from './calls.ts'
import * as decode from './decode.ts'
import { answer, refuse } from './exchange.ts'
import { askedFields, listFields, phoneNumberNode } from './phone-number-node.ts'

/** One page. `paging.cursors` is always there, `next` and `previous` only where there is more. No link holds a token. */
export async function answerList({ c, business, parameters }: Met, world: World, publicUrl: string): Promise<Response> {
  const read = decode.listRequest(parameters)
  if (read.kind === 'refused') return refuse(c, read.error)
  const { limit, after, before, sort, order, filters } = read.value
  const purpose = sort === 'creation_time' ? 'business' : 'business-by-onboarding'
  const request = {
    limit,
    order,
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
  }
  const { listed, more } = await world.records.page('number', { purpose, value: business }, request)

  const nodes = listed
    .map(each => ({ number: asOfNow(world, each.subject.document), claim: each.member, business }))
    // The page was read a moment before its documents: a claim may be gone by now.
    .filter(({ number, claim }) => number.claims.some(each => each.id === claim))
    .filter(node => {
      const values = phoneNumberNode(
        node,
        filters.map(({ field }) => field),
      )
      return filters.every(({ field, value }) => values[field] === value)
    })
  const fields = askedFields(parameters.fields, listFields)
  const data = nodes.map(node => phoneNumberNode(node, fields))

  const [first, last] = [listed.at(0), listed.at(-1)]
  const cursors =
    first === undefined || last === undefined ? {} : { before: decode.toCursor(first), after: decode.toCursor(last) }
  const link = (direction: 'after' | 'before', cursor: string | undefined) => {
    const url = new URL(c.req.path, publicUrl)
    for (const name of ['fields', 'filtering', 'sort', 'limit']) {
      const value = parameters[name]
      if (typeof value === 'string') url.searchParams.set(name, value)
    }
    url.searchParams.set(direction, cursor ?? '')
    return url.href
  }
  const backwards = before !== undefined
  const hasNext = last !== undefined && (backwards || more)
  const hasPrevious = first !== undefined && (backwards ? more : after !== undefined)
  return answer(c, {
    data,
    paging: {
      cursors,
      ...(hasNext ? { next: link('after', cursors.after) } : {}),
      ...(hasPrevious ? { previous: link('before', cursors.before) } : {}),
    },
  })
}
