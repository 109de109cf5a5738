import { readFileSync } from 'node:fs'
import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { filesBelow } from '../test/files'
import { startI18n } from './i18n'

/** Gaps that are filled with a name or a revision, or with a share or measure. */
const NO_COUNT = /^(by|field|file|key|name|next|share|times|title|value|version|where)$/
/** Words that end as a plural does, and units of a measure. */
const NO_PLURAL = new Set('as class has is its less this was ms parameters pixels points'.split(' '))
const AFTER_A_GAP = /\{\{(\w+)(?:, number)?\}\}(?: [a-z-]+){0,2}? ([a-z-]+s)\b/g

type Texts = { [key: string]: string | Texts }

function textsOf(texts: Texts, before = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? ([[before + key, value]] satisfies [string, string][])
      : textsOf(value, `${before}${key}.`),
  )
}

describe.each(filesBelow('src', /^en\.json$/))('%s', (path) => {
  const texts = new Map(textsOf(JSON.parse(readFileSync(path, 'utf8'))))
  const plain = [...texts].filter(([key]) => !/_(one|other)$/.test(key))

  it('has a form for one thing wherever it counts', () => {
    const other = [...texts.keys()].filter((key) => key.endsWith('_other'))
    expect(other.filter((key) => !texts.has(key.replace(/_other$/, '_one')))).toEqual([])
    const found = plain.flatMap(([key, text]) =>
      [...text.matchAll(AFTER_A_GAP)].flatMap(([shown, gap, word]) =>
        NO_COUNT.test(gap!) || NO_PLURAL.has(word!) ? [] : [`${key}: ${shown}`],
      ),
    )
    expect(found).toEqual([])
  })

  it('gives both forms of a word, beside a number that the text shows', () => {
    for (const [key, text] of plain)
      for (const [whole, gap, forms] of text.matchAll(/\{\{(\w+), form([^}]*)\}\}/g)) {
        expect(forms, `${key}: ${whole}`).toMatch(/^\(one: [\w-]+; other: [\w-]+\)$/)
        expect(text, key).toMatch(new RegExp(`\\{\\{${gap}\\}\\}`))
      }
  })
})

describe('a text with several numbers', () => {
  beforeAll(async () => {
    await startI18n('en')
    await i18next.loadNamespaces('home')
  })

  it.each([
    ['1', '2', 'Its 1 image, 2 revisions,'],
    ['1,001', '1', 'Its 1,001 images, 1 revision,'],
    ['0', '11', 'Its 0 images, 11 revisions,'],
  ])('says of %s and %s what one says', (images, revisions, said) => {
    expect(i18next.t('home:deleteWhat', { images, revisions })).toContain(said)
  })
})
