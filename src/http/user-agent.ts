// Which browser on which system a request says it comes from, in words for its owner. It proves nothing: anybody writes
// what they like. Only names from this list come out, so that nobody can put words of their own before somebody's eyes.

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOpera/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bcurl\//i, 'curl'],
  [/\bokhttp\//i, 'an Android app'],
  [/\bCFNetwork\//, 'an Apple app'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b|\bDarwin\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/** As `Firefox on Linux`, or as much of it as is known; empty when nothing is. */
export function agentOf(header: string | undefined): string {
  const text = header?.slice(0, 512) ?? ''
  const one = (names: typeof browsers) => names.find(([shape]) => shape.test(text))?.[1]
  const [browser, system] = [one(browsers), one(systems)]
  if (browser !== undefined && system !== undefined) return `${browser} on ${system}`
  return browser ?? system ?? ''
}
