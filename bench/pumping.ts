// What a thief's codes would have cost under each policy: a thousand numbers and more against a thousand honest people, over
// the real actions on two nodes, half a day of their time. Prices are round figures to compare by, and no price list.
//
//     node bench/pumping.ts [seed]

import { randomBytes } from 'node:crypto'
import type { SendingPolicy } from '#core/sending/rules.ts'
import { guarded, mostOfRange, oneRange, type Plan, pump, spread, unguarded } from '#test/simulation/pumping.ts'

const seed = process.argv[2] ?? randomBytes(4).toString('hex')

const policies: Readonly<Record<string, SendingPolicy>> = {
  'per number alone': unguarded,
  'and 100 a day per prefix': { ...unguarded, perPrefix: 100 },
  'and one in ten comes back': { ...unguarded, leastRight: 10 },
  'and 5000 a day per country': { ...unguarded, perCountry: 5_000 },
  'and 100 euros an hour': { ...unguarded, budget: guarded.budget },
  'all of them': guarded,
}

const thieves: Readonly<Record<string, Plan>> = {
  'a thousand numbers of one range, by text': { ...oneRange, methods: ['sms'] },
  'the same, by text and call': oneRange,
  'the same, and every tenth code is entered': { ...oneRange, enters: 10 },
  'nineteen numbers each of 50 prefixes': { ...oneRange, numbers: spread(50, 19) },
}

const euros = (amount: number): string => (amount / 10_000).toFixed(2).padStart(9)
const say = (line: string) => process.stdout.write(`${line}\n`)

say(`seed ${seed}`)
say(`one range can cost at most ${euros(mostOfRange(1, guarded, 'GB')).trim()} euros in half a day, by the rules alone`)
for (const [thief, plan] of Object.entries(thieves)) {
  say(`\n${thief}: ${plan.numbers.length * plan.rounds} times asked`)
  say('policy                       thief sent   thief cost  honest cost   honest refused  in the range, refused')
  for (const [name, policy] of Object.entries(policies)) {
    const { thief, honest, inRange } = await pump(seed, policy, plan)
    say(
      [
        name.padEnd(28),
        String(thief.sent).padStart(10),
        `${euros(thief.cost)} €`.padStart(12),
        `${euros(honest.cost + inRange.cost)} €`.padStart(12),
        `${honest.refused} of ${honest.people}`.padStart(16),
        `${inRange.refused} of ${inRange.people}`.padStart(22),
      ].join(' '),
    )
  }
}
