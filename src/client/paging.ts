// Lists that come in pages, walked one item after the other: a page is fetched when the one before it is used up.

/** One page. `after`: the cursor of the next one; `undefined` where this is the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly after: string | undefined }

/**
 * Answers that are pages, one after the other: each is fetched when it is asked for, and a refusal is the last. `next`: the
 * cursor of the page after this one.
 */
export async function* eachPage<Value, Ended extends { readonly ok: boolean }>(
  fetchPage: (after: string | undefined) => Promise<Ended>,
  next: (value: Value) => string | number | null,
): AsyncGenerator<Ended, void, undefined> {
  let after: string | undefined
  for (;;) {
    const page: Ended & { readonly value?: Value } = await fetchPage(after)
    yield page
    const found = page.ok && page.value !== undefined ? next(page.value) : null
    // A cursor that leads to itself would never end.
    if (found === null || String(found) === after) return
    after = String(found)
  }
}

/** Every item of every page. Ends early, with no further call, when its reader does. */
export async function* eachItem<Item>(
  fetchPage: (after: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let after: string | undefined
  do {
    const page = await fetchPage(after)
    yield* page.items
    // A cursor that leads to itself would never end.
    after = page.after === after ? undefined : page.after
  } while (after !== undefined)
}
