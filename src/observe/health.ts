// Is it alive, and should it be sent requests? Two questions with different answers.
//
//   alive   the loop turns. Nothing else: an orchestrator restarts what is not alive, and a restart mends no database
//   ready   all checks pass and no stop has begun. A load balancer sends requests only to what is ready

/** One thing that has to hold. Answers `ok`, or a word in snake case for what is wrong; throwing reads as `failed`. */
export type Check = () => Promise<string> | string

/** The answer to a probe. */
export type HealthReply = {
  readonly status: 200 | 503
  readonly body: { readonly status: string; readonly checks?: Readonly<Record<string, string>> }
}

/** What the two probes ask. */
export type Health = {
  alive(): HealthReply
  ready(): Promise<HealthReply>
  /** From now on nothing is ready. Call it first thing in a graceful stop. */
  stopping(): void
}

const word = /^[a-z][a-z0-9_]{0,63}$/

/**
 * Health over named checks, each given `deadline` milliseconds.
 *
 * A check never runs twice at a time, so a flood of probes, or a hung store, costs one probe. Its exceptions stay
 * inside: the answer is public and their text is not.
 */
export function createHealth(checks: Readonly<Record<string, Check>>, deadline: number): Health {
  const running = new Map<string, Promise<string>>()
  let stopped = false

  const run = (name: string, check: Check): Promise<string> => {
    const before = running.get(name)
    if (before !== undefined) return before
    const ending = (async () => {
      try {
        const said = await check()
        return word.test(said) ? said : 'failed'
      } catch {
        return 'failed'
      } finally {
        running.delete(name)
      }
    })()
    running.set(name, ending)
    return ending
  }

  const withinDeadline = async (ending: Promise<string>): Promise<string> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>(resolve => {
      timer = setTimeout(() => resolve('too_slow'), deadline)
    })
    try {
      return await Promise.race([ending, late])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    alive: () => ({ status: 200, body: { status: 'ok' } }),
    async ready() {
      const found: Record<string, string> = {}
      if (!stopped) {
        const names = Object.entries(checks)
        const said = await Promise.all(names.map(([name, check]) => withinDeadline(run(name, check))))
        for (const [at, [name]] of names.entries()) found[name] = said[at] ?? 'failed'
      }
      // Looked at last: a stop that began while the checks ran counts.
      if (stopped) return { status: 503, body: { status: 'stopping' } }
      const ok = Object.values(found).every(said => said === 'ok')
      return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'not_ready', checks: found } }
    },
    stopping() {
      stopped = true
    },
  }
}
