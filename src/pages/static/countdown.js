// Counts down to the moment in `data-until`, beside words that already say it. Without this the page says the same. Nothing
// is counted by ticks: each time it is asked what time it is, so that a laptop that slept shows what is left, and no less.

/** Counts down everything in `within`. `now`: what time the server said it was when it wrote that. */
export function count(within, now) {
  const waits = [...within.querySelectorAll('time[data-until]')]
  // The server says what time it is, so that a machine whose clock is wrong, and a sandbox whose clock was moved, count right.
  const offset = now - Date.now()
  // Counting must not be read out every second, as what changes inside an alert would be.
  for (const wait of waits) wait.setAttribute('role', 'timer')

  let next
  function show() {
    clearTimeout(next)
    const at = Date.now() + offset
    let left = 0
    for (const wait of waits.filter(each => each.isConnected)) {
      const seconds = Math.max(0, Math.ceil((Number(wait.dataset.until) - at) / 1000))
      left = Math.max(left, seconds)
      // Days are not counted by the second: the words that stand there say them.
      if (seconds >= 86_400) continue
      wait.textContent = seconds === 0 ? wait.dataset.over : wait.dataset.counted.replace('{time}', spoken(seconds))
    }
    if (left > 0) next = setTimeout(show, 1000 - (((at % 1000) + 1000) % 1000))
  }
  // Timers sleep along with the machine and in a hidden page: whoever looks sees at once what is left.
  document.addEventListener('visibilitychange', show)
  show()
}

function spoken(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [hours, minutes, rest] = parts
  const two = part => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const written = document.querySelector('[data-now]')
if (written !== null) count(document, Number(written.dataset.now))
