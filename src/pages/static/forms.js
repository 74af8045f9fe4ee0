// Makes forms better where scripts run: a button that shows what was typed into a secret field, one question before what
// is hard to undo, and no second post of a form that is on its way.

for (const button of document.querySelectorAll('button[data-shows]')) {
  const field = document.getElementById(button.dataset.shows)
  button.hidden = false
  button.addEventListener('click', () => {
    const shown = field.type === 'password'
    field.type = shown ? 'text' : 'password'
    button.textContent = shown ? button.dataset.hide : button.dataset.show
    button.setAttribute('aria-label', `${button.textContent}: ${button.dataset.label}`)
  })
}

for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false
  form.addEventListener('submit', event => {
    const question = form.dataset.confirm
    if (sent || (question !== undefined && !window.confirm(question))) {
      event.preventDefault()
      return
    }
    sent = true
    // A secret that was shown is hidden again, or the browser would offer to remember it as a plain text.
    for (const field of form.querySelectorAll('input[data-secret]')) field.type = 'password'
  })
  // Back from the next page by the Back button: it may be sent again.
  window.addEventListener('pageshow', () => {
    sent = false
  })
}
