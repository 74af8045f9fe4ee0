// The numbering plans of all countries, as libphonenumber has them. They are read with the first number that somebody asks
// about: they take a tenth of a start, and memory that a server without numbers need not hold.

import { createRequire } from 'node:module'
import type { Metadata, PhoneNumber } from 'libphonenumber-js/max'

type Library = typeof import('libphonenumber-js/max')

export type Plans = Pick<Library, 'getCountries' | 'isSupportedCountry' | 'parsePhoneNumberFromString'> & {
  /** A number of which nothing but its country code is found out. Throws when no country has it. */
  readonly split: (e164: string) => PhoneNumber
  readonly metadata: () => Metadata
}

const require = createRequire(import.meta.url)
let read: Plans | undefined

/** The library with its full metadata. Some 40 ms at the first call, nothing after. */
export function plans(): Plans {
  read ??= readAll()
  return read
}

function readAll(): Plans {
  const library = require('libphonenumber-js/max') as Library
  // What `import` finds in the library and `require` does not: its core has it, and is told the metadata.
  const core = require('libphonenumber-js/core') as typeof import('libphonenumber-js/core')
  const metadata = require('libphonenumber-js/max/metadata')
  return {
    getCountries: library.getCountries,
    isSupportedCountry: library.isSupportedCountry,
    parsePhoneNumberFromString: library.parsePhoneNumberFromString,
    split: e164 => new core.PhoneNumber(e164, metadata),
    metadata: () => new core.Metadata(metadata),
  }
}
