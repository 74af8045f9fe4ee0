// A business phone number as Graph shows it. Names and values are the wire's; what Meta adds later comes through as it is.

/** A value that is known today, or one that Meta adds later. */
export type Known<Value extends string> = Value | (string & {})

/** A business phone number. Only `id` always comes; the rest when it is asked for in `fields`, and known. */
export interface PhoneNumber {
  /** The phone-number id, not the number. */
  readonly id: string
  /** The number as people write it: `+44 7700 900123`. */
  readonly display_phone_number?: string
  readonly verified_name?: string
  /** Whether the **ownership code** was entered. It says nothing about two-step verification. */
  readonly code_verification_status?: Known<'VERIFIED' | 'NOT_VERIFIED' | 'EXPIRED'>
  /** Whether there is a PIN: the only thing about it that can be read. */
  readonly is_pin_enabled?: boolean
  readonly status?: Known<
    | 'CONNECTED'
    | 'DISCONNECTED'
    | 'PENDING'
    | 'DELETED'
    | 'MIGRATED'
    | 'BANNED'
    | 'RESTRICTED'
    | 'RATE_LIMITED'
    | 'FLAGGED'
    | 'UNKNOWN'
    | 'UNVERIFIED'
  >
  readonly quality_rating?: Known<'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN' | 'NA'>
  readonly quality_score?: { readonly score: string }
  readonly name_status?: Known<NameStatus>
  readonly new_name_status?: Known<NameStatus>
  readonly platform_type?: Known<'CLOUD_API' | 'ON_PREMISE' | 'NOT_APPLICABLE'>
  readonly host_platform?: Known<'CLOUD_API' | 'ON_PREMISE' | 'NOT_APPLICABLE'>
  readonly account_mode?: Known<'LIVE' | 'SANDBOX'>
  readonly throughput?: { readonly level: Known<'STANDARD' | 'HIGH' | 'NOT_APPLICABLE'> }
  readonly messaging_limit_tier?: string
  readonly is_official_business_account?: boolean
  readonly is_on_biz_app?: boolean
  readonly is_preverified_number?: boolean
  /** Such as `2027-01-15T08:00:00+0000`. */
  readonly last_onboarded_time?: string
  readonly search_visibility?: Known<'VISIBLE' | 'HIDDEN'>
  readonly unified_cert_status?: string
  /** Two letters, such as `GB`. */
  readonly country_code?: string
  /** Such as `44`. */
  readonly country_dial_code?: string
  readonly webhook_configuration?: Readonly<Record<string, string>>
  readonly health_status?: {
    readonly can_send_message: Known<'AVAILABLE' | 'LIMITED' | 'BLOCKED'>
    readonly entities: readonly {
      readonly entity_type: Known<'PHONE_NUMBER' | 'WABA' | 'BUSINESS' | 'APP'>
      readonly id: string
      readonly can_send_message: Known<'AVAILABLE' | 'LIMITED' | 'BLOCKED'>
      readonly errors?: readonly {
        readonly error_code: number
        readonly error_description: string
        readonly possible_solution?: string
      }[]
    }[]
  }
}

/** Where a display name is in Meta's review. */
export type NameStatus = 'APPROVED' | 'AVAILABLE_WITHOUT_REVIEW' | 'DECLINED' | 'EXPIRED' | 'PENDING_REVIEW' | 'NONE'

/** A field that may be asked for. */
export type PhoneNumberField = keyof PhoneNumber

/** What is asked about the numbers of a business. */
export interface ListPhoneNumbers<Field extends PhoneNumberField = PhoneNumberField> {
  /** By default what Graph chooses: most, but neither `status` everywhere nor `is_pin_enabled`. */
  readonly fields?: readonly Field[] | undefined
  /** How many come in one call: 1 to 100, by default 25. */
  readonly limit?: number | undefined
  readonly sort?: `${'creation_time' | 'last_onboarded_time'}.${'asc' | 'desc'}` | undefined
  readonly filtering?: readonly {
    readonly field: 'account_mode' | 'messaging_limit_tier' | 'is_official_business_account'
    readonly operator: 'EQUAL'
    readonly value: string | boolean
  }[]
}

/** A number to be added to a business. */
export interface NewPhoneNumber {
  /** Country calling code, such as `44`. */
  readonly cc: string
  /** The number without its country code. Text: it may begin with zeros. */
  readonly phone_number: string
  /** The name that is shown to people, 2 to 75 characters. */
  readonly verified_name: string
}
