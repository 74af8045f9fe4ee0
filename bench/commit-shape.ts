// A commit as the bench of commits makes it, ours and the bare one alike.

/** Bytes of a sealed document and of a sealed event, as a phone number in the middle of its life has them. */
export const bytesOf = { document: 1_100, event: 190 } as const

/** Commits that travel together. */
export const grouped = 64

/** How many subjects the commits are spread over. */
export const subjects = 6_000
