// Counters, gauges and histograms, and Prometheus' text form of them (exposition format 0.0.4). Counting happens in every
// request: it is a look into a map and an addition, and what the labels look like as text is found out once.

/** One metric as text: its help, its type and its series, each line ended. */
export type Metric = { readonly text: () => string }

/** Counts by the values of its labels, given in the order of their names. Without labels it starts at nought. */
export type Counter = Metric & { readonly add: (...labels: readonly string[]) => void }

/** How many of what was observed lay at or below each bound, their number and their sum. */
export type Histogram = Metric & { readonly observe: (label: string, value: number) => void }

export function counter(name: string, help: string, labelNames: readonly string[]): Counter {
  const counts = new Map<string, { readonly labels: readonly string[]; count: number }>()
  const series = (labels: readonly string[]) => {
    // No label has a line break: they are words, templates and numbers of ours.
    const key = labels.join('\n')
    const found = counts.get(key)
    if (found !== undefined) return found
    const made = { labels, count: 0 }
    counts.set(key, made)
    return made
  }
  if (labelNames.length === 0) series([])
  return {
    add(...labels) {
      series(labels).count += 1
    },
    text: () =>
      headed(name, help, 'counter') +
      [...counts.values()].map(({ labels, count }) => line(name, braced(labelNames, labels), count)).join(''),
  }
}

/** `bounds` ascend; the one without end is added. */
export function histogram(name: string, help: string, labelName: string, bounds: readonly number[]): Histogram {
  const all = new Map<string, { readonly counts: Float64Array; sum: number }>()
  const series = (label: string) => {
    const found = all.get(label)
    if (found !== undefined) return found
    const made = { counts: new Float64Array(bounds.length + 1), sum: 0 }
    all.set(label, made)
    return made
  }
  return {
    observe(label, value) {
      const seen = series(label)
      const at = bounds.findIndex(bound => value <= bound)
      const bucket = at < 0 ? bounds.length : at
      seen.counts[bucket] = (seen.counts[bucket] ?? 0) + 1
      seen.sum += value
    },
    text() {
      let text = headed(name, help, 'histogram')
      for (const [label, { counts, sum }] of all) {
        let below = 0
        for (const [at, count] of counts.entries()) {
          below += count
          const bound = at < bounds.length ? String(bounds[at]) : '+Inf'
          text += line(`${name}_bucket`, braced(['le', labelName], [bound, label]), below)
        }
        text += line(`${name}_sum`, braced([labelName], [label]), sum)
        text += line(`${name}_count`, braced([labelName], [label]), below)
      }
      return text
    },
  }
}

/** `read` is asked when the text is. */
export const gauge = (name: string, help: string, read: () => number): Metric => ({
  text: () => headed(name, help, 'gauge') + line(name, '', read()),
})

const headed = (name: string, help: string, type: string) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

const line = (name: string, labels: string, value: number) => `${name}${labels} ${value}\n`

const braced = (names: readonly string[], values: readonly string[]): string =>
  names.length === 0 ? '' : `{${names.map((name, at) => `${name}="${escaped(values[at] ?? '')}"`).join(',')}}`

const escaped = (value: string): string => value.replace(/["\\\n]/g, sign => (sign === '\n' ? '\\n' : `\\${sign}`))
