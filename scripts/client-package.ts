// The client as a package of its own: compiled from src/client, with a package.json that is made here, its guide as README and
// the licence. No step downloads anything.
//
//     node scripts/client-package.ts build        packs into the folder, and prints the tarball's path
//     node scripts/client-package.ts --report     writes docs/api/client.md: all that a user of the package can name

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicApi } from './client-api.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
export const reportPath = join(root, 'docs/api/client.md')

/** Compiles the client into a folder: `.js` without comments, `.d.ts` with them, for who hovers over a name. */
export function compile(folder: string): void {
  const tsc = (...options: readonly string[]) =>
    execFileSync('tsc', ['-p', join(root, 'src/client'), '--outDir', folder, ...options], {
      cwd: root,
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
      stdio: 'pipe',
      encoding: 'utf8',
    })
  tsc('--declaration', 'false', '--removeComments')
  tsc('--emitDeclarationOnly')
  // The compiler writes `.js` where code imports; in declarations it leaves `.ts`, which a package does not have.
  for (const name of readdirSync(folder).filter(name => name.endsWith('.d.ts'))) {
    const path = join(folder, name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"))
  }
}

/** Packs the client, and answers where the tarball is. */
export function pack(into: string): string {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'twostep-client-'))
  try {
    compile(join(folder, 'dist'))
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageOf(version, license), undefined, 2)}\n`)
    writeFileSync(join(folder, 'README.md'), readme(readFileSync(join(root, 'docs/guide/client.md'), 'utf8')))
    copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
    mkdirSync(into, { recursive: true })
    const destination = resolve(into)
    const npm = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination]
    const packed = execFileSync('npm', npm, { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
    return join(destination, tarballIn(JSON.parse(packed)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// What the guide links to is not in the package.
const readme = (guide: string): string => guide.replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1')

// Some npm answer a list, some an object by the package's name.
function tarballIn(answer: Readonly<Record<string, { readonly filename: string }>>): string {
  const [{ filename } = { filename: '' }] = Object.values(answer)
  if (filename === '') throw new Error('npm pack named no tarball')
  return filename.replace('@', '').replace('/', '-')
}

const packageOf = (version: string, license: string) => ({
  name: '@twostep/client',
  version,
  description: "Client for WhatsApp's Cloud API two-step verification and registration, and for a Twostep server",
  keywords: ['whatsapp', 'cloud-api', 'graph', 'two-step-verification', 'registration-lock', 'pin', '2fa', 'webhook'],
  license,
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.3' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  types: './dist/index.d.ts',
  files: ['dist'],
})

/** The report as it should stand in the tree. */
export function report(): string {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-client-'))
  try {
    compile(folder)
    return publicApi(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const [argument] = process.argv.slice(2)
  if (argument === '--report') writeFileSync(reportPath, report())
  else process.stdout.write(`${pack(argument ?? 'build')}\n`)
}
