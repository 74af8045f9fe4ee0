// Counts down to the moment in `data-until`, beside words that already say it. Without this the page says the same.

const waits = [...document.querySelectorAll('time[data-until]')]

// The server says what time it is, so that a machine whose clock is wrong, and a sandbox whose clock was moved, count right.
const offset = Number(document.querySelector('[data-now]')?.dataset.now ?? Date.now()) - Date.now()

function show() {
  const now = Date.now() + offset
  let left = 0
  for (const wait of waits) {
    const seconds = Math.max(0, Math.ceil((Number(wait.dataset.until) - now) / 1000))
    left = Math.max(left, seconds)
    // Days are not counted by the second: the words that stand there say them.
    if (seconds >= 86_400) continue
    wait.textContent = seconds === 0 ? wait.dataset.over : wait.dataset.counted.replace('{time}', spoken(seconds))
  }
  if (left > 0) setTimeout(show, 1000 - (((now % 1000) + 1000) % 1000))
}

function spoken(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [hours, minutes, rest] = parts
  const two = part => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

// Counting must not be read out every second, as what changes inside an alert would be.
for (const wait of waits) wait.setAttribute('role', 'timer')

if (waits.length > 0) show()
