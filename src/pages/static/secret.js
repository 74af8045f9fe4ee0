// A secret that is shown once: copied, printed, and gone from the page as soon as the page is left, so that the Back button
// finds nothing.

const secret = document.querySelector('[data-once]')

for (const button of document.querySelectorAll('[data-copies]')) {
  // Only where the browser lets pages write to the clipboard: over https, or on this very machine.
  button.hidden = navigator.clipboard === undefined
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(secret.textContent.trim())
    button.textContent = button.dataset.copied
  })
}

for (const button of document.querySelectorAll('[data-prints]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

window.addEventListener('pagehide', () => {
  secret.textContent = secret.dataset.once
})
