// A progress bar on standard error, for people: nothing is drawn where nobody watches.

import { SingleBar } from 'cli-progress'
import type { Terminal } from './terminal.ts'

export type Progress = {
  /** Shows how far a step is; a new `label` begins a new bar. */
  readonly show: (label: string, done: number, total: number) => void
  readonly end: () => void
}

/** Plain characters and no colour, so NO_COLOR has nothing to turn off. */
export function startProgress({ stderr }: Terminal): Progress {
  if (stderr.isTTY !== true) return { show() {}, end() {} }
  let bar: SingleBar | undefined
  let shown: string | undefined
  const end = (): void => {
    bar?.stop()
    bar = undefined
    shown = undefined
  }
  return {
    show(label, done, total) {
      if (label !== shown) {
        end()
        bar = new SingleBar({
          stream: stderr,
          format: `${label} [{bar}] {percentage} %  {value}/{total}`,
          barCompleteChar: '#',
          barIncompleteChar: '.',
          barsize: 30,
          // A command that is interrupted ends at once, and leaves the terminal as it was.
          hideCursor: false,
          gracefulExit: false,
        })
        bar.start(Math.max(total, 1), done)
        shown = label
      }
      bar?.setTotal(Math.max(total, done, 1))
      bar?.update(done)
    },
    end,
  }
}
