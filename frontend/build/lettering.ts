import subsetFont from 'subset-font'
import type { Plugin } from 'vite'

const FILE = /inter-latin-wght-normal.*\.woff2$/
const FEATURES = ['kern', 'tnum', 'calt', 'ccmp'] // what our styles ask for
const WEIGHTS = { wght: { min: 400, max: 700 } }

// The letters that the package's style sheet takes from this file, but for combining marks.
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x131, 0x131],
  [0x152, 0x153],
  [0x2c6, 0x2c6],
  [0x2da, 0x2da],
  [0x2dc, 0x2dc],
  [0x2000, 0x206f],
  [0x20ac, 0x20ac],
  [0x2122, 0x2122],
  [0x2191, 0x2191],
  [0x2193, 0x2193],
  [0x2212, 0x2212],
  [0x2215, 0x2215],
  [0xfffd, 0xfffd],
] as const

/** Writes Inter's Latin letters in the weights and features that we use: half of what the package's file weighs. */
export function lettering(): Plugin {
  return {
    name: 'halfday:lettering',
    apply: 'build',
    async generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && FILE.test(file.fileName)) file.source = await less(file.source)
      }
    },
  }
}

async function less(font: string | Uint8Array): Promise<Uint8Array> {
  const options = { targetFormat: 'woff2', variationAxes: WEIGHTS, keepFeatures: FEATURES } as const
  return subsetFont(Buffer.from(font), letters(), options)
}

function letters(): string {
  const points = RANGES.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))
  return String.fromCodePoint(...points)
}
