// The application settings of an installation: some of them changed, or all back to what they were at first.

import { changeSettings as changed, type SettingsEnding } from '#core/on-premises/settings.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { changeInstallation, there } from './installation.ts'

export type ChangeSettingsEnding =
  | { readonly kind: 'changed' }
  /** `name`: with a dot inside a group. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'wrong'; readonly name: string }

/** One commit: all that is given, or nothing. */
export const changeSettings = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly given: Readonly<Record<string, unknown>> },
): Promise<ChangeSettingsEnding> =>
  watched(world, 'on_premises_change_settings', async () => {
    const ending = await changeInstallation<SettingsEnding>(world, call, command.business, installation => {
      const ending = changed(installation.settings, command.given)
      if (ending.kind !== 'changed') return { ending }
      return {
        ending,
        change: { next: { ...installation, settings: ending.next }, events: [{ kind: 'settings.changed' }] },
      }
    })
    return there(ending)
  })

/** One commit. */
export const resetSettings = (world: World, call: Call, business: string): Promise<{ readonly kind: 'reset' }> =>
  watched(world, 'on_premises_reset_settings', async () => {
    await changeInstallation(world, call, business, installation => ({
      ending: 'reset',
      change: { next: { ...installation, settings: {} }, events: [{ kind: 'settings.reset' }] },
    }))
    return { kind: 'reset' }
  })
