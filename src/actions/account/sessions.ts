// What an owner does with the sessions and browsers of the account: names them, ends them, takes them away. Each one commit.

import type { AccountId } from '#core/account/account.ts'
import type { Change } from '#core/account/change.ts'
import {
  type EndSessionsEnding as EndDecision,
  endSessions as endDecision,
  type RenameEnding as RenameDecision,
  renameSession as renameDecision,
} from '#core/account/session.ts'
import {
  type RemoveBrowserEnding as RemoveDecision,
  type RenameBrowserEnding as RenameBrowserDecision,
  removeBrowser as removeDecision,
  renameBrowser as renameBrowserDecision,
} from '#core/account/trusted-browser.ts'
import { watched } from '../runner.ts'
import { type Call, settling, type World } from '../world.ts'
import { type AccountStep, changeAccount } from './account.ts'

/** Whose session asks. */
export type InSession = { readonly account: AccountId; readonly session: string }

/** An ending without what only the commit needs. */
type Told<E> = E extends { readonly kind: infer K } & Change ? { readonly kind: K } : E

export type EndSessionsEnding =
  | { readonly kind: 'ended'; readonly count: number }
  | Exclude<Told<EndDecision>, { kind: 'ended' }>

/** Ends one session, all others, or all. Nothing stands between a person and the end of a session: nobody waits in line. */
export const endSessions = (
  world: World,
  call: Call,
  { account: id, ...end }: InSession & { readonly which: { readonly id: string } | 'others' | 'all' },
): Promise<EndSessionsEnding> =>
  watched(world, 'end_sessions', () =>
    changeAccount<EndSessionsEnding>(world, settling(call), id, (account, now): AccountStep<EndSessionsEnding> => {
      const ended = endDecision(account, end, now, world.limits)
      if (ended.kind !== 'ended') return { ending: ended }
      const count = account.sessions.length - ended.next.sessions.length
      return { ending: { kind: 'ended', count }, change: ended }
    }),
  )

export type RenameSessionEnding = Told<RenameDecision>

/** Gives a session a name. */
export const renameSession = (
  world: World,
  call: Call,
  { account: id, ...rename }: InSession & { readonly which: string; readonly name: string },
): Promise<RenameSessionEnding> =>
  watched(world, 'rename_session', () =>
    changeAccount<RenameSessionEnding>(world, call, id, (account, now) => {
      const renamed = renameDecision(account, rename, now, world.limits)
      return renamed.kind === 'renamed' ? { ending: { kind: 'renamed' }, change: renamed } : { ending: renamed }
    }),
  )

// ——— browsers

export type RemoveBrowsersEnding =
  | { readonly kind: 'removed'; readonly count: number }
  | Exclude<Told<RemoveDecision>, { kind: 'removed' }>

/** Takes a browser away, or all: none of them is known or trusted any more. */
export const removeBrowsers = (
  world: World,
  call: Call,
  { account: id, ...removal }: InSession & { readonly browser: string | undefined },
): Promise<RemoveBrowsersEnding> =>
  watched(world, 'remove_browsers', () =>
    changeAccount<RemoveBrowsersEnding>(
      world,
      settling(call),
      id,
      (account, now): AccountStep<RemoveBrowsersEnding> => {
        const removed = removeDecision(account, removal, now, world.limits)
        if (removed.kind !== 'removed') return { ending: removed }
        const count = account.browsers.length - removed.next.browsers.length
        return { ending: { kind: 'removed', count }, change: removed }
      },
    ),
  )

export type RenameBrowserEnding = Told<RenameBrowserDecision>

/** Gives a browser a name. */
export const renameBrowser = (
  world: World,
  call: Call,
  { account: id, ...rename }: InSession & { readonly browser: string; readonly name: string },
): Promise<RenameBrowserEnding> =>
  watched(world, 'rename_browser', () =>
    changeAccount<RenameBrowserEnding>(world, call, id, (account, now) => {
      const renamed = renameBrowserDecision(account, rename, now, world.limits)
      return renamed.kind === 'renamed' ? { ending: { kind: 'renamed' }, change: renamed } : { ending: renamed }
    }),
  )
