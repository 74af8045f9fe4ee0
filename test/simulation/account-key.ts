// A state's name. Two states with one name can do the same from here on: moments are ages, cut where no rule looks further;
// secrets and ids are numbered in the order in which they appear.

import type { Instant } from '#core/kernel/instant.ts'
import type { GrowingDelay } from '#core/throttle/growing-delay.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { State } from './account-promises.ts'

export function keyOf(state: State, limits: Limits): string {
  const { account, now, people, flight, memory } = state
  const rows = limits.account
  const names = new Map<string, number>()
  const nameOf = (text: string | undefined): string => {
    if (text === undefined) return '-'
    if (!names.has(text)) names.set(text, names.size)
    return String(names.get(text))
  }
  const age = (moment: Instant | undefined, cap: number): string =>
    moment === undefined ? '-' : String(Math.min(now - moment, cap))
  const delay = ({ tries, lastAt }: GrowingDelay, most: number, cap: number): string => {
    const told = age(lastAt, cap)
    return told === '-' || told === String(cap) ? '' : `${Math.min(tries, most)}~${told}`
  }
  const { free, forgetsAfter } = rows.password.delay
  const passwordDelay = (each: GrowingDelay) => delay(each, free + 2, forgetsAfter)

  const parts: string[] = [nameOf(account.password?.verifier), account.twoStep.kind]
  const { twoStep } = account
  if (twoStep.kind === 'waiting') parts.push(`${twoStep.until - now}`, `${twoStep.deadline - now}`)
  if (twoStep.kind === 'ready') parts.push(twoStep.deadline > now ? `${twoStep.deadline - now}` : 'late')
  if (twoStep.kind === 'enrolling') parts.push(twoStep.step, `${twoStep.deadline - now}`, nameOf(twoStep.key))
  if (twoStep.kind === 'on') parts.push(nameOf(twoStep.key?.verifier), twoStep.replacement === undefined ? '' : 'shown')
  if (twoStep.kind === 'on' || twoStep.kind === 'enrolling') {
    for (const { id, failures } of twoStep.devices) {
      parts.push(`${id}${failures.known}${failures.stranger}${failures.keyholder}`)
    }
  }
  for (const each of account.sessions) {
    const { P, D, K } = each.proofs
    const fresh = rows.freshProof + 1
    const life = each.level === 'limited' ? rows.session.limitedLife : rows.session.life
    parts.push(`s${nameOf(each.id)}${each.level}${age(P, fresh)}${age(D, fresh)}${age(K, fresh)}${nameOf(each.key)}`)
    parts.push(`${age(each.beganAt, life)}${age(each.lastUsedAt, rows.session.idle)}`)
  }
  for (const each of account.browsers) {
    const trusted = each.trustedUntil === undefined ? '-' : Math.max(0, each.trustedUntil - now)
    const grace = each.next === undefined ? '-' : age(each.next.at, rows.browser.grace)
    parts.push(`b${nameOf(each.id)}${nameOf(each.verifier)}${nameOf(each.next?.verifier)}${trusted}${grace}`)
    parts.push(passwordDelay(each.delay))
  }
  for (const each of account.signIns)
    parts.push(`i${nameOf(each.id)}${each.side}${age(each.beganAt, rows.signIn.life)}`)
  for (const each of account.resets) {
    const proved = each.codeRightAt === undefined ? '' : 'proved'
    parts.push(
      `r${nameOf(each.id)}${each.side}${age(each.beganAt, rows.passwordReset.life)}${proved}${nameOf(each.key)}`,
    )
  }
  for (const each of account.challenges.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))) {
    const sent = now - each.lastSentAt
    const { life } = each.draft === undefined ? rows.deviceCode : limits.ownershipCode
    if (sent < life) {
      parts.push(`c${place(each)}${nameOf(each.of)}${each.device}${each.sends}${each.checks}${sent}${each.told}`)
      parts.push(nameOf(each.verifier))
    }
  }
  for (const each of account.strangers) parts.push(passwordDelay(each))
  for (const each of account.keyTries) {
    const { free: most, forgetsAfter: cap } = rows.recoveryKey.delay
    parts.push(`k${each.network}${delay(each.delay, most, cap)}`)
  }
  parts.push(`a${account.appPasswords.length}`, age(account.changedAt, rows.waiting.period))
  parts.push(age(account.mailedReset.out?.expires, 0))
  for (const each of Object.values(people)) {
    parts.push(`${each.name}${nameOf(each.password)}${nameOf(each.key)}${nameOf(each.cookie?.verifier)}`)
    const live = (id: string | undefined, list: readonly { readonly id: string }[]) =>
      list.some(other => other.id === id) ? nameOf(id) : '-'
    parts.push(
      live(each.session, account.sessions),
      live(each.signIn, account.signIns),
      live(each.reset, account.resets),
    )
  }
  for (const [row, looks] of Object.entries(memory.rows)) {
    if (looks > 0) parts.push(`${row}${Math.min(looks, rows.failuresInARow + 1)}`)
  }
  for (const [who, { P, D }] of Object.entries(memory.proved)) {
    parts.push(`m${who}${age(P, rows.freshProof + 1)}${age(D, rows.freshProof + 1)}`)
  }
  parts.push(`${memory.number}${memory.retyped}${nameOf(memory.shownKey)}${age(memory.changedAt, rows.waiting.period)}`)
  if (flight !== undefined) {
    parts.push(`f${flight.what}${flight.by}${nameOf(flight.of)}${nameOf(flight.given)}${nameOf(flight.verifier)}`)
  }
  return parts.join('|')
}

const place = ({ purpose, side }: { readonly purpose: string; readonly side: string }): string => `${purpose}/${side}`
