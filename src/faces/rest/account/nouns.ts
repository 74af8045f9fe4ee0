// What a path of the accounts' door begins with, after /api/v1. By these a request is known to be the door's before the door
// is loaded.

export const accountNouns = [
  ...['account', 'device', 'accounts', 'sign-ups', 'sign-ins', 'password-resets', 'users', 'gates', 'app-passwords'],
  'push-key',
] as const
