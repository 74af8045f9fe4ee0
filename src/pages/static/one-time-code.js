// Makes the field for a code better where scripts run: what is pasted keeps its digits only, whatever stands between them, and
// where the browser reads codes out of text messages (WebOTP), it fills itself and is sent.

const field = document.querySelector('input[autocomplete="one-time-code"]')

field?.addEventListener('paste', event => {
  const text = event.clipboardData?.getData('text') ?? ''
  // The only run of digits in it, also with spaces or dashes between them; else it is left as it came.
  const [run, ...others] = text.match(/\d(?:[\s\u2010-\u2015-]?\d)*/g) ?? []
  if (run === undefined || others.length > 0) return
  event.preventDefault()
  field.value = run.replace(/\D/g, '')
})

if (field !== null && 'OTPCredential' in window) {
  const over = new AbortController()
  field.form.addEventListener('submit', () => over.abort())
  navigator.credentials
    .get({ otp: { transport: ['sms'] }, signal: over.signal })
    .then(credential => {
      if (credential === null || field.value !== '') return
      field.value = credential.code
      field.form.requestSubmit()
    })
    // Refused, too late, or sent by hand meanwhile: the field is there.
    .catch(() => {})
}
