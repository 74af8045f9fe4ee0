import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCsv } from './csv.ts'

const read = (text: string) => readCsv(Buffer.from(text))
const head = 'phone_number_id,access_token,pin,name,data_localization_region\n'
const id = '106540352242922'

/** What is wrong, as line and column. */
function mistakes(text: string | Uint8Array): readonly string[] {
  const ending = typeof text === 'string' ? read(text) : readCsv(text)
  if (ending.kind === 'read') return []
  return ending.mistakes.map(({ line, column, says }) => `${line} ${column ?? '-'} ${says}`)
}

test('a list is read as spreadsheets of all countries write it', () => {
  for (const text of [
    `${head}${id},EAAG1,012345,"Bakery, ""the good one""",CH\n`,
    `\uFEFF${head}${id},EAAG1,012345,"Bakery, ""the good one""",CH`,
    `${head}${id},EAAG1,012345,"Bakery, ""the good one""",CH\n`.replaceAll('\n', '\r\n'),
    `PIN;phone_number_id;access_token;name;data_localization_region\r\n012345;${id};EAAG1;"Bakery, ""the good one""";CH\r\n;;;;\r\n`,
    `phone_number_id\taccess_token\tpin\tname\tdata_localization_region\n${id}\tEAAG1\t012345\t"Bakery, ""the good one"""\tCH\n\n`,
  ]) {
    const ending = read(text)
    assert.ok(ending.kind === 'read', text)
    const [row] = ending.rows
    assert.deepEqual(
      [row?.id, row?.token?.reveal(), row?.pin?.reveal(), row?.name, row?.region],
      [id, 'EAAG1', '012345', 'Bakery, "the good one"', 'CH'],
    )
  }
  const short = read(`phone_number_id,access_token\n${id},EAAG1\n106540352242923,\n`)
  assert.ok(short.kind === 'read' && short.rows.length === 2 && short.rows[1]?.token === undefined)
})

test('every mistake of a list is told by its line and column, and none of its values', () => {
  const text = [
    `${head}${id},EAAG secret,12345,ok,ch`,
    `1.06540352242922E+14,EAAG1,493816,ok,`,
    `+44 7700 900123,EAAG1,49381X,ok,`,
    `,EAAG1,493816,ok,`,
    `${id}9,EAAG1,493816,bell\u0007,`,
    `${id}8,EAAG1,493816,,`,
    `${id}8,EAAG1,493816,,`,
    `${id}7,EAAG1,493816,a,b,c`,
  ].join('\n')
  assert.deepEqual(mistakes(text), [
    '2 access_token has spaces, line breaks or signs that no token has',
    '2 pin has fewer than six digits. If the spreadsheet dropped leading zeros, format the column as text and type them',
    '2 data_localization_region is not a country of two capital letters, such as CH',
    '3 phone_number_id was rounded by the spreadsheet: format the column as text, and paste the id again',
    '4 phone_number_id looks like the number itself: write its phone-number id, digits only',
    '4 pin is not six digits',
    '5 phone_number_id is empty',
    '6 name has signs that cannot be shown',
    '8 phone_number_id is the one of line 7',
    '9 - has 6 cells; the first line names 5 columns',
  ])
  for (const [text, expected] of [
    ['', /^1 - is empty/],
    ['id,token\n1,2\n', /^1 - has no known name over column 1/],
    ['access_token\nEAAG\n', /^1 - names no column phone_number_id/],
    ['phone_number_id,pin,pin\n1,1,1\n', /^1 pin is there twice/],
    [`${head}${id},"EAAG,493816,x\n`, /^\d - has a quotation mark/],
    [Buffer.from(`${head}${id}`, 'utf16le'), /^1 - is not text in UTF-8/],
    [new Uint8Array([0x70, 0xff, 0xfe]), /^1 - is not text in UTF-8/],
  ] as const) {
    assert.match(mistakes(text)[0] ?? '', expected)
    assert.ok(!/EAAG|493816/.test(mistakes(text).join()))
  }
})
