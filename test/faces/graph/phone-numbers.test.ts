// A business's numbers over Graph: adding one, reading one with the fields that clients ask for, and the list in pages.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Business, errorOf, expectError, expectSuccess, openDoor, type Reply, type Sent } from './door.ts'

const door = await openDoor()
after(() => door[Symbol.asyncDispose]())

const bakery = await door.business()

const add = (of: Business, sent: Sent): Promise<Reply> =>
  door.graph('POST', `/v25.0/${of.waba}/phone_numbers`, { token: of.token, ...sent })

const number = (more: Record<string, unknown> = {}) => ({
  cc: '44',
  phone_number: door.newNational(),
  verified_name: 'Test Bakery',
  ...more,
})

// ——— adding

test('a number is added from JSON, form, multipart or query, and listed at once', async () => {
  const of = await door.business()
  const ids: unknown[] = []
  for (const carry of ['json', 'form', 'multipart', 'query'] as const) {
    const reply = await add(of, { [carry]: number() })
    assert.deepEqual([reply.status, Object.keys(reply.body)], [200, ['id']])
    assert.match(String(reply.body.id), /^[0-9]{15}$/)
    ids.push(reply.body.id)
    await door.advance('PT0.001S')
  }
  assert.deepEqual(await idsOf(of, {}), ids)
})

test('every spelling of a number is one number, and the second one is told of the first', async () => {
  const of = await door.business()
  assert.equal((await add(of, { json: number({ phone_number: '7700901700' }) })).status, 200)
  const spellings: readonly Record<string, unknown>[] = [
    { phone_number: '7700901700' },
    { phone_number: 7700901700 },
    { cc: 44, phone_number: '7700 901 700' },
    { cc: '+44', phone_number: '(07700) 901-700' },
    { phone_number: '447700901700' },
    { phone_number: '+447700901700' },
    { cc: undefined, phone_number: '+44 7700 901700' },
    { cc: undefined, phone_number: '447700901700' },
    { phone_number: '７７００９０１７００' },
  ]
  for (const spelling of spellings) {
    const reply = await add(of, { json: number(spelling) })
    expectError(reply, 409, 100, 2388012)
    const title = '(#100) Phone number is already registered with this WhatsApp Business Account'
    assert.equal(errorOf(reply).message, title)
  }
  assert.equal((await idsOf(of, {})).length, 1)
  // Another business may list it as well: adding proves nothing, and a refusal would tell who has it.
  assert.equal((await add(await door.business(), { json: number({ phone_number: '7700901700' }) })).status, 200)
})

test('a number without a usable number or name is refused with what is wrong', async () => {
  const of = await door.business()
  const missing = (name: string) => `(#100) The parameter ${name} is required.`
  const badNumber = '(#100) Param phone_number must be a valid phone number.'
  const badCode = '(#100) Param cc must be a country calling code of 1 to 3 digits.'
  const badName = '(#100) Param verified_name must be 2 to 75 characters long.'
  const wrong: readonly [more: Record<string, unknown>, message: string][] = [
    [{ phone_number: undefined }, missing('phone_number')],
    [{ phone_number: null }, missing('phone_number')],
    [{ verified_name: undefined }, missing('verified_name')],
    ...[
      '',
      '1',
      '12',
      'abc',
      '77009017OO',
      '7'.repeat(40),
      '٧'.repeat(40),
      '7700901700\u0000',
      ['7700901700'],
      true,
      {},
    ].map(phone_number => [{ phone_number }, badNumber] as [Record<string, unknown>, string]),
    [{ phone_number: '+1 631 555 5555' }, badNumber],
    ...['', '0x2c', '4444', '４４', ['44'], false, '4\r\n4'].map(
      cc => [{ cc }, badCode] as [Record<string, unknown>, string],
    ),
    [{ cc: '999' }, badNumber],
    ...[
      '',
      'a',
      ' a ',
      '\t\r\n',
      'x'.repeat(76),
      '🥖'.repeat(76),
      'Bakery\r\nSet-Cookie: a=b',
      'Bak\u0000ery',
      ['Bakery'],
      {},
      true,
    ].map(verified_name => [{ verified_name }, badName] as [Record<string, unknown>, string]),
  ]
  for (const [more, message] of wrong) {
    const reply = await add(of, { json: number(more) })
    expectError(reply, 400, 100)
    assert.equal(errorOf(reply).message, message, JSON.stringify(more))
  }
  expectError(await add(of, {}), 400, 100)
  expectError(await add(of, { raw: { body: '{', type: 'application/json' } }), 400, 100)
  assert.deepEqual(await idsOf(of, {}), [])
})

test('a name keeps every letter that people have', async () => {
  for (const verified_name of ['Ab', 'パン屋', '🥖'.repeat(75), 'Ann’s “Bread” & <Cake>', 'مخبز', '  Bäckerei  ']) {
    const reply = await add(bakery, { json: number({ verified_name }) })
    const { id } = reply.body
    const read = await door.graph('GET', `/v25.0/${id}`, { token: bakery.token, query: { fields: 'verified_name' } })
    assert.deepEqual(read.body, { verified_name: verified_name.trim(), id })
  }
})

// ——— reading one

// What one client asks of every number that it shows.
const manyFields = [
  ...['id', 'display_phone_number', 'verified_name', 'status', 'quality_rating', 'code_verification_status'],
  ...['name_status', 'new_name_status', 'throughput', 'messaging_limit_tier', 'platform_type', 'account_mode'],
  ...['is_official_business_account', 'is_pin_enabled', 'last_onboarded_time'],
]

test('the fields that a client shows are all there for a registered number', async () => {
  const phone = await door.registered(bakery, '493816')
  const { body } = await phone.read(...manyFields)
  const { last_onboarded_time, ...rest } = body
  assert.match(String(last_onboarded_time), /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+0000$/)
  const national = phone.number.slice(3)
  assert.deepEqual(rest, {
    display_phone_number: `+44 ${national.slice(0, 4)} ${national.slice(4)}`,
    verified_name: 'Test Bakery',
    status: 'CONNECTED',
    quality_rating: 'GREEN',
    code_verification_status: 'VERIFIED',
    name_status: 'APPROVED',
    new_name_status: 'NONE',
    throughput: { level: 'STANDARD' },
    messaging_limit_tier: 'TIER_250',
    platform_type: 'CLOUD_API',
    account_mode: 'LIVE',
    is_official_business_account: false,
    is_pin_enabled: true,
    id: phone.id,
  })
})

test('a number that was only added says so in every field', async () => {
  const phone = await door.added(bakery)
  const { body } = await phone.read(...manyFields)
  const { display_phone_number: _, verified_name: __, ...rest } = body
  assert.deepEqual(rest, {
    status: 'PENDING',
    quality_rating: 'UNKNOWN',
    code_verification_status: 'NOT_VERIFIED',
    name_status: 'APPROVED',
    new_name_status: 'NONE',
    throughput: { level: 'NOT_APPLICABLE' },
    messaging_limit_tier: 'TIER_NOT_SET',
    platform_type: 'NOT_APPLICABLE',
    account_mode: 'LIVE',
    is_official_business_account: false,
    is_pin_enabled: false,
    id: phone.id,
  })
})

test('without fields the usual ones come; status and is_pin_enabled only when asked for', async () => {
  const phone = await door.registered(bakery, '493816', '7400123456')
  const usual = [
    ...['code_verification_status', 'display_phone_number', 'id', 'platform_type', 'quality_rating', 'throughput'],
    'verified_name',
  ]
  assert.deepEqual(Object.keys((await phone.read()).body).toSorted(), usual)
  const read = async (fields: string) =>
    Object.keys((await door.graph('GET', `/v25.0/${phone.id}`, { token: bakery.token, query: { fields } })).body)
  assert.deepEqual((await read('')).toSorted(), usual)
  assert.deepEqual(await read('id'), ['id'])
  assert.deepEqual(await read('status , is_pin_enabled'), ['status', 'is_pin_enabled', 'id'])
  assert.deepEqual(await read('throughput{level},status'), ['throughput', 'status', 'id'])
  assert.deepEqual(await read('webhook_configuration{application},constructor,__proto__,toString,certificate,pin'), [
    'id',
  ])
  assert.deepEqual(await read(',,,'), ['id'])
  const others = await phone.read('country_code', 'country_dial_code', 'host_platform', 'health_status')
  assert.deepEqual(others.body, {
    country_code: 'GB',
    country_dial_code: '44',
    host_platform: 'CLOUD_API',
    health_status: {
      can_send_message: 'AVAILABLE',
      entities: [
        { entity_type: 'PHONE_NUMBER', id: phone.id, can_send_message: 'AVAILABLE' },
        { entity_type: 'WABA', id: bakery.waba, can_send_message: 'AVAILABLE' },
      ],
    },
    id: phone.id,
  })
})

test('a number of no country that can be told has no country_code', async () => {
  const phone = await door.added(bakery)
  assert.deepEqual((await phone.read('country_code', 'country_dial_code')).body, {
    country_dial_code: '44',
    id: phone.id,
  })
})

test('a business account can be read, too', async () => {
  const read = (query: Record<string, string>) =>
    door.graph('GET', `/v25.0/${bakery.waba}`, { token: bakery.token, query })
  assert.deepEqual((await read({})).body, { name: 'Bakery 1', id: bakery.waba })
  assert.deepEqual((await read({ fields: 'id,email,tokens' })).body, { id: bakery.waba })
  expectError(await door.graph('POST', `/v25.0/${bakery.waba}`, { token: bakery.token }), 400, 100, 33)
})

// ——— the list

const list = (of: Business, query: Record<string, string>): Promise<Reply> =>
  door.graph('GET', `/v25.0/${of.waba}/phone_numbers`, { token: of.token, query })

type Page = {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly paging: {
    readonly cursors: { readonly before?: string; readonly after?: string }
    readonly next?: string
    readonly previous?: string
  }
}
const pageOf = (reply: Reply): Page => {
  assert.equal(reply.status, 200, reply.text)
  return reply.body as Page
}
const idsIn = ({ data }: Page) => data.map(each => each.id)
const idsOf = async (of: Business, query: Record<string, string>) => idsIn(pageOf(await list(of, query)))

/** Follows a link of a page, as clients do: with the token in the header. */
async function follow(of: Business, link: string | undefined): Promise<Page> {
  assert(link !== undefined, 'there is more')
  assert(link.startsWith(door.url), 'a link leads back to where it came from')
  assert(!link.includes('access_token') && !link.includes(of.token), 'no link holds a token')
  return pageOf(await door.graph('GET', link.slice(door.url.length), { token: of.token }))
}

async function withNumbers(count: number): Promise<{ readonly of: Business; readonly ids: readonly unknown[] }> {
  const of = await door.business()
  const ids: unknown[] = []
  for (let at = 0; at < count; at += 1) {
    ids.push((await add(of, { json: number() })).body.id)
    // Several in one millisecond, so that order cannot hang on time alone.
    if (at % 3 === 2) await door.advance('PT0.001S')
  }
  return { of, ids }
}

test('sixty numbers come in pages, forwards and backwards, each once and with links only where there is more', async () => {
  const { of, ids } = await withNumbers(60)
  const whole = await idsOf(of, { limit: '100' })
  assert.deepEqual(whole.toSorted(), ids.toSorted())

  const first = pageOf(await list(of, {}))
  const second = await follow(of, first.paging.next)
  const third = await follow(of, second.paging.next)
  assert.deepEqual(
    [first, second, third].map(page => page.data.length),
    [25, 25, 10],
  )
  assert.deepEqual([first, second, third].flatMap(idsIn), whole)
  assert.equal(third.paging.next, undefined)
  assert.equal(first.paging.previous, undefined)
  for (const { paging } of [first, second, third]) assert.deepEqual(Object.keys(paging.cursors), ['before', 'after'])

  const back = await follow(of, third.paging.previous)
  assert.deepEqual(idsIn(back), idsIn(second))
  const start = await follow(of, back.paging.previous)
  assert.deepEqual(idsIn(start), idsIn(first))
  assert.equal(start.paging.previous, undefined)
  assert.deepEqual(idsIn(await follow(of, start.paging.next)), idsIn(second))

  // The same by cursors, as clients that build their own links do; the token in the query comes back in no link.
  const query = { limit: '7', after: first.paging.cursors.after ?? '', fields: 'id', access_token: of.token }
  const seven = pageOf(await door.graph('GET', `/${of.waba}/phone_numbers/`, { query }))
  assert.deepEqual(idsIn(seven), whole.slice(25, 32))
  assert.deepEqual(Object.keys(seven.data[0] ?? {}), ['id'])
  assert.deepEqual(idsIn(await follow(of, seven.paging.next)), whole.slice(32, 39))
  const before = { limit: '7', before: seven.paging.cursors.before ?? '' }
  assert.deepEqual(await idsOf(of, before), whole.slice(18, 25))
})

test('the list begins with the oldest, or the newest, or by when a number was last registered', async () => {
  const of = await door.business()
  const phones = []
  for (let at = 0; at < 3; at += 1) {
    phones.push(await door.proved(of))
    await door.advance('PT1M')
  }
  const [one, two, three] = phones.map(phone => phone.id)
  for (const at of [1, 0, 2]) {
    expectSuccess((await phones[at]?.register('493816')) ?? assert.fail('three numbers'))
    await door.advance('PT1M')
  }
  assert.deepEqual(await idsOf(of, {}), [one, two, three])
  assert.deepEqual(await idsOf(of, { sort: 'creation_time.asc' }), [one, two, three])
  assert.deepEqual(await idsOf(of, { sort: 'creation_time.desc' }), [three, two, one])
  assert.deepEqual(await idsOf(of, { sort: 'last_onboarded_time' }), [two, one, three])
  assert.deepEqual(await idsOf(of, { sort: 'last_onboarded_time.desc' }), [three, one, two])

  const first = pageOf(await list(of, { sort: 'creation_time.desc', limit: '2' }))
  assert.deepEqual(idsIn(first), [three, two])
  assert.deepEqual(idsIn(await follow(of, first.paging.next)), [one])
})

test('the list is filtered by what clients filter by', async () => {
  const of = await door.business()
  const [held, idle] = [await door.registered(of, '493816'), await door.added(of)]
  const by = (field: string, value: unknown) =>
    idsOf(of, { filtering: JSON.stringify([{ field, operator: 'EQUAL', value }]) })
  const both = [held.id, idle.id].toSorted()
  assert.deepEqual((await by('account_mode', 'LIVE')).toSorted(), both)
  assert.deepEqual(await by('account_mode', 'SANDBOX'), [])
  assert.deepEqual(await by('messaging_limit_tier', 'TIER_250'), [held.id])
  assert.deepEqual((await by('is_official_business_account', false)).toSorted(), both)
  assert.deepEqual(await by('is_official_business_account', true), [])
  assert.deepEqual((await idsOf(of, { filtering: '[]' })).toSorted(), both)
})

test('an empty list has its cursors too, and a list item what its schema promises', async () => {
  const empty = pageOf(await list(await door.business(), {}))
  assert.deepEqual(empty, { data: [], paging: { cursors: {} } })
  const { of } = await withNumbers(1)
  const { data, paging } = pageOf(await list(of, {}))
  assert.deepEqual(Object.keys(data[0] ?? {}).toSorted(), [
    ...['code_verification_status', 'display_phone_number', 'id', 'platform_type', 'quality_rating', 'status'],
    ...['throughput', 'verified_name'],
  ])
  assert.deepEqual([paging.next, paging.previous], [undefined, undefined])
})

test('what the list cannot do is said', async () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url')
  const wrong: readonly Record<string, string>[] = [
    ...['0', '101', '-1', '1.5', 'all', '', '１０', '1e1'].map(limit => ({ limit })),
    ...['creation_time.up', 'name', '', 'creation_time.asc.desc', '.asc'].map(sort => ({ sort })),
    ...['x', '{}', '[1]', '[{"field":"account_mode"}]', '[{"field":1,"operator":"EQUAL","value":1}]', 'null'].map(
      filtering => ({ filtering }),
    ),
    { filtering: '[{"field":"account_mode","operator":"IN","value":["LIVE"]}]' },
    ...['x', 'null', cursor('1-2'), cursor(`${'9'.repeat(16)}-1`), cursor("' OR 1=1 --")].map(after => ({ after })),
    { before: 'x' },
  ]
  for (const query of wrong) expectError(await list(bakery, query), 400, 100)
})

test('cursors of another business, or of a number that is gone, still mean a place and show nothing of others', async () => {
  const [one, other] = [await withNumbers(3), await withNumbers(3)]
  const foreign = pageOf(await list(other.of, { limit: '1' })).paging.cursors.after ?? ''
  for (const query of [{ after: foreign }, { before: foreign }]) {
    for (const id of await idsOf(one.of, query)) assert(one.ids.includes(id))
  }
  const first = pageOf(await list(one.of, { limit: '1' }))
  expectSuccess(await door.graph('DELETE', `/v25.0/${idsIn(first)[0]}`, { token: one.of.token }))
  assert.equal((await follow(one.of, first.paging.next)).data.length, 1)
  assert.equal((await idsOf(one.of, { after: first.paging.cursors.after ?? '' })).length, 2)
})
