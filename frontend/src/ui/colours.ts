/**
 * Colours that canvases and charts need as values, not as CSS variables.
 * The same as in tokens.css; a test holds the two together.
 */

export type Scheme = 'dark' | 'light'
export type Meaning = 'tp' | 'fp' | 'fn' | 'suggestion'

export const MEANING: Record<Scheme, Record<Meaning, string>> = {
  dark: { tp: '#2cc7b0', fp: '#f5913e', fn: '#f25ba9', suggestion: '#a693ff' },
  light: { tp: '#007868', fp: '#ad4e00', fn: '#bd1673', suggestion: '#6247d6' },
}

/** On images the dark scheme's brighter tones are used in both schemes. */
export const ON_IMAGE = MEANING.dark

/** The letter that says the same as the colour. */
export const LETTER: Record<Meaning, string> = { tp: 'T', fp: 'F', fn: 'M', suggestion: '?' }

export const CHROME: Record<
  Scheme,
  Record<'text' | 'dim' | 'faint' | 'line' | 'panel' | 'accent', string>
> = {
  dark: {
    text: '#ebebe8',
    dim: '#b2b2ae',
    faint: '#9b9b97',
    line: '#2c2c2f',
    panel: '#1b1b1c',
    accent: '#f0d04a',
  },
  light: {
    text: '#1c1c1b',
    dim: '#50504d',
    faint: '#636360',
    line: '#dfdfdc',
    panel: '#fbfbfa',
    accent: '#f0d04a',
  },
}

/** Distinct hues for classes, in the order in which they are given out; a class keeps its colour for good. */
export const CLASS_PALETTE = [
  '#4e9af1',
  '#f2b134',
  '#5fc26b',
  '#e8604c',
  '#a57be8',
  '#35c4c8',
  '#e97cb7',
  '#b5c334',
  '#c98a55',
  '#7d8cf0',
  '#e3d04c',
  '#46a58a',
  '#f08a6b',
  '#c46ad0',
  '#86b4d6',
  '#a0a84e',
  '#d15577',
  '#6fd3a5',
  '#b59b8c',
  '#93a1b5',
]

/** Colour of the nth class of a list. */
export function classColour(index: number): string {
  return CLASS_PALETTE[index % CLASS_PALETTE.length]!
}

/** Black or white, whichever reads better on a ground of that colour (`#rrggbb`). */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  return luminance(colour) > 0.179 ? '#000000' : '#ffffff'
}

/** Relative luminance (0–1) after WCAG 2.2. */
export function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** Contrast ratio (1–21) of two `#rrggbb` colours after WCAG 2.2. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
