// The doors to the registration lock, and in what they differ. A door translates; where the public documents make a door
// behave in its own way, the difference stands here and nowhere else.

/** Through which door a command came. Written into the journal and told to the holder. */
export type Door = 'rest' | 'graph' | 'on-premises' | 'manager' | 'mail' | 'sandbox' | 'operator'

export type DoorRules = {
  /** Register and deregister share a budget of attempts (Meta's registration page: 10 in 72 h). */
  readonly countsRegistrations: boolean
  /** Registering while the lock is off sets the PIN that came along (Meta's registration page). */
  readonly registeringSetsPin: boolean
  /** Time without use opens the lock to a registration that brings no PIN (WhatsApp's consumer article). */
  readonly timeOpensLock: boolean
  /** A PIN on the blocklist is refused here, whatever the policy says; elsewhere it is only pointed out. */
  readonly refusesWeakPins: boolean
}

/** The difference between the doors, in one table. */
export const doorRules: Readonly<Record<Door, DoorRules>> = {
  rest: { countsRegistrations: false, registeringSetsPin: false, timeOpensLock: true, refusesWeakPins: true },
  graph: { countsRegistrations: true, registeringSetsPin: true, timeOpensLock: false, refusesWeakPins: false },
  'on-premises': {
    countsRegistrations: false,
    registeringSetsPin: false,
    timeOpensLock: false,
    refusesWeakPins: false,
  },
  manager: { countsRegistrations: true, registeringSetsPin: true, timeOpensLock: false, refusesWeakPins: true },
  mail: { countsRegistrations: false, registeringSetsPin: false, timeOpensLock: false, refusesWeakPins: true },
  sandbox: { countsRegistrations: false, registeringSetsPin: false, timeOpensLock: false, refusesWeakPins: false },
  operator: { countsRegistrations: false, registeringSetsPin: false, timeOpensLock: false, refusesWeakPins: true },
}
