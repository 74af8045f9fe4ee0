// A business phone number as a Graph node: every field a client may ask for, read off the number's document. It says what
// the asking business may know: whether a lock is set is told to the number's own keeper only.

import { type ClaimId, isKeeper, type PhoneNumber, theClaim } from '#core/registration-lock/phone-number.ts'
import { formatNumber } from '#numbering/display.ts'
import { parseNumber } from '#numbering/number.ts'

/** The fields that come when none are asked for; Meta's phone number page. */
export const defaultFields = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
] as const

/** The list answers these; its schema promises `status`. */
export const listFields = [...defaultFields, 'status'] as const

type Node = { readonly number: PhoneNumber; readonly claim: ClaimId; readonly business: string }

const fields: Readonly<Record<string, (node: Node) => unknown>> = {
  id: node => node.claim,
  display_phone_number: node => formatNumber(node.number.number),
  verified_name: node => nameOf(node),
  code_verification_status: node => ({ none: 'NOT_VERIFIED', proved: 'VERIFIED', ended: 'EXPIRED' })[proofOf(node)],
  is_pin_enabled: node => node.number.lock.kind === 'set' && isKeeper(node.number, node.claim),
  quality_rating: node => (holds(node) ? 'GREEN' : 'UNKNOWN'),
  quality_score: node => ({ score: holds(node) ? 'GREEN' : 'UNKNOWN' }),
  name_status: () => 'APPROVED',
  new_name_status: () => 'NONE',
  status: node => statusOf(node),
  platform_type: node => platformOf(node),
  host_platform: node => platformOf(node),
  account_mode: () => 'LIVE',
  throughput: node => ({ level: holds(node) ? 'STANDARD' : 'NOT_APPLICABLE' }),
  messaging_limit_tier: node => (holds(node) ? 'TIER_250' : 'TIER_NOT_SET'),
  is_official_business_account: () => false,
  is_on_biz_app: () => false,
  is_preverified_number: () => false,
  last_onboarded_time: node => graphTime(theClaim(node.number, node.claim).registeredAt),
  search_visibility: () => 'VISIBLE',
  unified_cert_status: () => 'APPROVED',
  country_code: node => regionOf(node),
  country_dial_code: node => countryOf(node)?.countryCallingCode,
  health_status: node => healthOf(node),
}

/** The node with the fields asked for, and always its id. Names that are not fields are left out, as empty ones are. */
export function phoneNumberNode(node: Node, asked: readonly string[]): Record<string, unknown> {
  const read = asked.map(name => [name, Object.hasOwn(fields, name) ? fields[name]?.(node) : undefined] as const)
  return Object.fromEntries([...read.filter(([, value]) => value !== undefined), ['id', node.claim]])
}

/** The names in `fields=a,b{c},d`: what stands in braces belongs to the name before them. */
export function askedFields(given: unknown, otherwise: readonly string[]): readonly string[] {
  if (typeof given !== 'string' || given.trim() === '') return otherwise
  return given
    .replace(/\{[^}]*\}/g, '')
    .split(',')
    .map(name => name.trim())
}

function countryOf({ number }: Node) {
  const parsed = parseNumber(number.number)
  return parsed.kind === 'number' ? parsed : undefined
}

// 001 is the world: said of a number, it would be a country that does not exist.
function regionOf(node: Node): string | undefined {
  const region = countryOf(node)?.region
  return region === '001' ? undefined : region
}

const holds = ({ number, claim }: Node): boolean => number.holder?.claim === claim
const proofOf = ({ number, claim }: Node) => theClaim(number, claim).proof.kind

function nameOf({ number, claim }: Node): string | undefined {
  const { by } = theClaim(number, claim)
  return by.kind === 'business' ? by.verifiedName : undefined
}

function statusOf(node: Node): 'CONNECTED' | 'DISCONNECTED' | 'PENDING' {
  if (holds(node)) return 'CONNECTED'
  return theClaim(node.number, node.claim).registeredAt === undefined ? 'PENDING' : 'DISCONNECTED'
}

// The door of the last registration says where the number lives.
function platformOf({ number: { holder }, claim }: Node): 'CLOUD_API' | 'ON_PREMISE' | 'NOT_APPLICABLE' {
  if (holder?.claim !== claim) return 'NOT_APPLICABLE'
  return holder.door === 'on-premises' ? 'ON_PREMISE' : 'CLOUD_API'
}

function healthOf(node: Node): Record<string, unknown> {
  const can = holds(node) ? 'AVAILABLE' : 'BLOCKED'
  const errors = holds(node)
    ? {}
    : {
        errors: [
          {
            error_code: 133010,
            error_description: 'The phone number is not registered.',
            possible_solution: 'Verify the number, then register it with its two-step verification PIN.',
          },
        ],
      }
  return {
    can_send_message: can,
    entities: [
      { entity_type: 'PHONE_NUMBER', id: node.claim, can_send_message: can, ...errors },
      { entity_type: 'WABA', id: node.business, can_send_message: 'AVAILABLE' },
    ],
  }
}

// Graph writes 2024-05-01T12:00:00+0000.
const graphTime = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().replace(/\.\d{3}Z$/, '+0000')
