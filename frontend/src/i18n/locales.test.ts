import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '../test/files'

type Texts = { [key: string]: string | Texts }

const PLURAL = /_(zero|one|two|few|many|other)$/

/** Keys as `a.b.c`, the forms of a plural as one. */
function keysOf(texts: Texts, before = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [before + key.replace(PLURAL, '')] : keysOf(value, `${before}${key}.`),
  )
}

/** Sentences that the API gives in English and that only other languages translate. */
const ENGLISH_FROM_SERVER = /^(why|titles|doing)\./

/** The gaps of every key, over all forms of its plural. */
function gapsOf(texts: Texts, before = ''): Map<string, string> {
  const gaps = new Map<string, Set<string>>()
  for (const [key, value] of Object.entries(texts)) {
    const inner = typeof value === 'string' ? new Map([['', value]]) : gapsOf(value, `${before}${key}.`)
    for (const [name, text] of inner) {
      const whole = name || before + key.replace(PLURAL, '')
      const found = text.match(/\{\{\w+\}\}/g) ?? []
      gaps.set(whole, new Set([...(gaps.get(whole) ?? []), ...found]))
    }
  }
  return new Map([...gaps].map(([key, found]) => [key, [...found].sort().join(' ')]))
}

function textsOf(texts: Texts): string[] {
  return Object.values(texts).flatMap((value) => (typeof value === 'string' ? [value] : textsOf(value)))
}

const read = (path: string): Texts => JSON.parse(readFileSync(path, 'utf8'))
const english = filesBelow('src', /^en\.json$/)
const namespaces = new Map(
  english.map((path) => [
    path.replace(/^src\//, '').replace(/\/locales\/en\.json$/, ''),
    new Set(keysOf(read(path))),
  ]),
)

describe.each(english)('%s', (path) => {
  const [en, ko] = [read(path), read(path.replace('en.json', 'ko.json'))]

  it('has no particle in two forms in Korean: the sentence is turned so that a noun stands before it', () => {
    expect(textsOf(ko).filter((text) => /[가-힣]?\((는|은|가|이|를|을|과|와|으)\)/.test(text))).toEqual([])
  })

  it('has the same keys in Korean', () => {
    const korean = new Set(keysOf(ko).filter((key) => !ENGLISH_FROM_SERVER.test(key)))
    expect([...korean].sort()).toEqual([...new Set(keysOf(en))].sort())
  })

  it('fills the same gaps in both languages', () => {
    const [inEnglish, inKorean] = [gapsOf(en), gapsOf(ko)]
    for (const [key, gaps] of inEnglish) expect([key, inKorean.get(key)]).toEqual([key, gaps])
  })

  it('says nothing empty and shouts at nobody', () => {
    for (const text of [...textsOf(en), ...textsOf(ko)]) {
      expect(text.trim()).not.toBe('')
      expect(text).not.toContain('!')
    }
  })
})

describe('every key that a page asks for', () => {
  const pages = filesBelow('src', /\.tsx?$/).filter((path) => !/\.test\.tsx?$/.test(path))

  it.each(pages)('%s', (path) => {
    const source = readFileSync(path, 'utf8')
    const used = [...source.matchAll(/useTranslation\((?:'([\w/]+)'|\[([^\]]+)\])\)/g)].map(
      ([, one, many]) => (one ? [one] : [...many!.matchAll(/'([\w/]+)'/g)].map(([, name]) => name!)),
    )
    const own = used.map(([first]) => first!)
    if (own.length === 0) return
    for (const [, key] of source.matchAll(/\bt\(\s*'([\w/:.]+)'/g)) {
      const [namespace, name] = key!.includes(':') ? (key!.split(':') as [string, string]) : [null, key!]
      const places = namespace ? [namespace] : own
      const found = places.some((place) => namespaces.get(place)?.has(name.replace(PLURAL, '')))
      expect(found, `${key} in ${places.join(', ')}`).toBe(true)
    }
  })
})
