// Lists that come in pages, walked one item after the other: a page is fetched when the one before it is used up.

/** One page. `after`: the cursor of the next one; `undefined` where this is the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly after: string | undefined }

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
