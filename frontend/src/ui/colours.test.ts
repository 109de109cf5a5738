import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHROME, CLASS_PALETTE, contrast, inkOn, MEANING, type Scheme } from './colours'

const tokens = readFileSync('src/ui/tokens.css', 'utf8')

/** Value of a token in one scheme's block of tokens.css. */
function token(scheme: Scheme, name: string): string {
  const block = tokens.split(`data-mantine-color-scheme="${scheme}"`)[1]!.split('}')[0]!
  return new RegExp(`--hd-${name}: (#[0-9a-f]{6})`).exec(block)![1]!
}

describe.each(['dark', 'light'] as const)('%s colours', (scheme) => {
  it('are the same in CSS and in canvases', () => {
    for (const [name, value] of Object.entries(MEANING[scheme])) expect(token(scheme, name)).toBe(value)
    for (const [name, value] of Object.entries(CHROME[scheme])) expect(token(scheme, name)).toBe(value)
  })

  it('reach WCAG AA for text on every ground', () => {
    for (const ground of ['ground', 'panel', 'raised']) {
      for (const name of ['text', 'dim', 'faint', 'tp', 'fp', 'fn', 'suggestion', 'danger', 'warn']) {
        expect(contrast(token(scheme, name), token(scheme, ground)), `${name} on ${ground}`).toBeGreaterThan(
          4.49,
        )
      }
    }
  })

  it('reach it also where a row is hovered or pressed', () => {
    for (const ground of ['hover', 'pressed'])
      for (const name of ['text', 'dim', 'faint'])
        expect(contrast(token(scheme, name), token(scheme, ground)), `${name} on ${ground}`).toBeGreaterThan(
          4.49,
        )
  })

  it('show the focus ring at 3 to 1', () => {
    expect(contrast(token(scheme, 'focus'), token(scheme, 'ground'))).toBeGreaterThan(3)
  })
})

describe('class palette', () => {
  it('has no colour twice', () => {
    expect(new Set(CLASS_PALETTE).size).toBe(CLASS_PALETTE.length)
  })

  it('is written on in readable ink', () => {
    for (const colour of CLASS_PALETTE) expect(contrast(colour, inkOn(colour))).toBeGreaterThan(4.5)
  })
})
