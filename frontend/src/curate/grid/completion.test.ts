import { describe, expect, it } from 'vitest'
import type { Completions } from '../../api/types'
import { optionsFor, spotOf } from './completion'

const known: Completions = {
  fields: [
    { name: 'weather', type: 'text', values: ['rainy', 'clear sky'] },
    { name: 'width', type: 'number', values: [] },
  ],
  classes: ['car', 'traffic light'],
  slices: ['train v1'],
  functions: [
    { name: 'count', signature: 'count(class)', what: 'how many' },
    { name: 'any', signature: 'any(class)', what: 'whether there is one' },
  ],
}
const labels = (before: string) => optionsFor(spotOf(before), known).map(({ label }) => label)

describe('completions', () => {
  it('begin with fields and functions', () => {
    expect(labels('')).toEqual(expect.arrayContaining(['weather', 'width', 'count(', 'any(', 'and']))
    expect(labels('weather = "rainy" and ')).toContain('width')
  })
  it('are the values of a field after its comparison', () => {
    expect(labels('weather = ')).toEqual(['"rainy"', '"clear sky"'])
    expect(labels('count(car) > 1 and weather != ')).toContain('"rainy"')
    expect(labels('weather in (')).toContain('"rainy"')
    expect(labels('weather in ("rainy", ')).toContain('"clear sky"')
    expect(labels('width = ')).toEqual([])
  })
  it('are classes inside counting and verdicts, slices inside in_slice', () => {
    expect(labels('any(')).toEqual(['car', '"traffic light"'])
    expect(labels('not fn( ')).toEqual(['car', '"traffic light"'])
    expect(labels('fp(car, truth = ')).toContain('car')
    expect(labels('in_slice(')).toEqual(['"train v1"'])
  })
})
