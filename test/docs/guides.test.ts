// The guides, as a newcomer uses them: each block of code is run as it is printed, or says why not; each link leads somewhere.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'
import { describeSettings } from '#config'
import { commands } from '../../scripts/command-line-guide.ts'
import { blocksOf, paste } from './blocks.ts'

/** Documents whose blocks are pasted into a shell here. */
const pasted = [
  ...['accounts', 'backup', 'install', 'keys', 'manager', 'pumping', 'registration-lock', 'two-step-in-your-app'],
  ...['upgrade', 'whatsapp-in-ci'],
].map(name => `docs/guide/${name}.md`)

const git = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter(path => existsSync(path))

const documents = git('*.md')
const withCode = documents.filter(path => /^(?:docs\/(?!api\/|decisions\/)|examples\/|README)/.test(path))

for (const document of pasted) {
  test(`${document} works as it is printed, pasted from top to bottom`, async () => {
    assert((await paste(document)) > 0, 'its comments promise nothing')
  })
}

test('every block of code is run: here, by a test that names its document, or its fence says why not', () => {
  const tests = git('test/*.test.ts', 'test/*.ts').filter(path => !path.startsWith('test/docs/guides'))
  const texts = tests.map(path => readFileSync(path, 'utf8'))
  const unrun = withCode.flatMap(document => {
    const named = texts.some(text => text.includes(`'${document}'`) || text.includes(`${posix.dirname(document)}'`))
    const isRun = (language: string) => (language === 'sh' ? pasted.includes(document) || named : named)
    return blocksOf(document)
      .filter(({ language, notRun }) => notRun === undefined && !isRun(language))
      .map(({ language, line }) => `${document}:${line} ${language}`)
  })
  assert.deepEqual(unrun, [])
})

test('what is not run is at least shell: it parses, and names settings and commands that there are', () => {
  const settings = new Set(describeSettings().match(/TWOSTEP_[A-Z_]+/g))
  const known = commands().commands.map(({ path }) => path.join(' '))
  for (const document of withCode) {
    for (const { language, notRun, text, line } of blocksOf(document)) {
      if (language !== 'sh') continue
      execFileSync('bash', ['-n'], { input: text.replaceAll(/<\w+>/g, 'x') })
      const names = (text.match(/TWOSTEP_[A-Z_]+/g) ?? []).map(name => name.replace(/_FILE$/, ''))
      const theirs = notRun === undefined || document.startsWith('examples/')
      const unknown = theirs ? [] : names.filter(name => !settings.has(name))
      assert.deepEqual(unknown, [], `${document}:${line}`)
      for (const [, command = ''] of text.matchAll(/npx twostep ([\w-]+)/g)) {
        assert(known.includes(command), `${document}:${line} twostep ${command}`)
      }
    }
  }
})

test('every block of JSON is JSON', () => {
  for (const document of withCode) {
    for (const { language, text, line } of blocksOf(document)) {
      if (language === 'json') assert.doesNotThrow(() => JSON.parse(text), `${document}:${line}`)
    }
  }
})

// ——— links

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

function anchorsOf(document: string): ReadonlySet<string> {
  const prose = readFileSync(document, 'utf8').replaceAll(/^```.*?^```$/gms, '')
  return new Set([...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)))
}

/** What is wrong with the links of a document's text. */
function deadLinks(document: string, text: string): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? document : posix.join(posix.dirname(document), path)
    const dead = `${document} → ${target}`
    if (!existsSync(file)) return [dead]
    if (anchor === undefined) return []
    return statSync(file).isFile() && anchorsOf(file).has(anchor) ? [] : [dead]
  })
}

test('no link of a document is dead, and none leads to a heading that is not there', () => {
  assert(documents.length > 20)
  assert.deepEqual(
    documents.flatMap(document => deadLinks(document, readFileSync(document, 'utf8'))),
    [],
  )
  const sample = 'README.md'
  for (const dead of ['[x](nothing.md)', '[x](docs/guide/keys.md#nothing)', '[x](#nothing)', '[x](docs#keys)']) {
    assert.equal(deadLinks(sample, dead).length, 1, dead)
  }
  for (const good of [
    '[x](docs/guide/keys.md#rotate)',
    '[x](LICENSE)',
    '`[x](nothing.md)`',
    '[x](https://example.com/x)',
  ]) {
    assert.deepEqual(deadLinks(sample, good), [], good)
  }
})

test('every guide is in the list of guides', () => {
  const list = readFileSync('docs/guide/README.md', 'utf8')
  const guides = readdirSync('docs/guide').filter(name => name !== 'README.md')
  assert.deepEqual(
    guides.filter(name => !list.includes(`(${name})`)),
    [],
  )
})
