import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '../test/files'

/** One word for one thing in Korean: what is written, and the other words for it that are not. */
const TERMS: [term: string, others: RegExp][] = [
  ['객체', /물체|오브젝트/],
  ['박스', /(?<!대화 )상자|바운딩/],
  ['라벨', /레이블|라벨링 값/],
  ['신뢰도', /확신도|컨피던스/],
  ['미탐', /미검출|못 찾은 박스/],
  ['오탐', /허위 검출|거짓 양성/],
  ['빠진 라벨', /누락/],
  ['시퀀스', /연속 장면|영상열/],
  ['체크포인트', /체크 포인트/],
  ['데이터셋', /데이터 세트|데이터 셋/],
  ['리비전', /개정판|버전 번호/],
  ['배치', /작업 묶음/],
  ['제안', /추천 수정/],
]

/** Keys that several pages have for one thing, and so say alike. */
const ALIKE = ['missing', 'spurious', 'wrong_class', 'badly_drawn']

const korean = filesBelow('src', /^ko\.json$/)
const texts = korean.map((path) => [path, readFileSync(path, 'utf8')] as const)

describe.each(TERMS)('%s', (_, others) => {
  it('is called nothing else', () => {
    const found = texts.flatMap(([path, text]) =>
      text.split('\n').flatMap((line) => (others.test(line) ? [`${path}: ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })
})

describe.each(ALIKE)('the suggestion %s', (key) => {
  it('has one name on every page', () => {
    const found = texts.flatMap(([, text]) =>
      [...text.matchAll(/"(?:suggestionKind|suggestion)": \{([^}]*)\}/g)].flatMap(([, inner]) =>
        [...inner!.matchAll(new RegExp(`"${key}": "([^"]*)"`, 'g'))].map(([, said]) => said),
      ),
    )
    expect(new Set(found).size).toBeLessThan(2)
  })
})
