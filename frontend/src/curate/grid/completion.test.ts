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
  splits: ['train', 'val'],
  tags: ['look again'],
  functions: [
    {
      name: 'any',
      signature: 'any(class)',
      what: 'whether there is one',
      takes: 'class',
      fields: [
        { name: 'area', type: 'number', values: [] },
        { name: 'touches_border', type: 'truth', values: [true, false] },
        { name: 'provenance', type: 'choice', values: ['imported', 'human'] },
        { name: 'attributes."x"', type: 'text', values: ['left'] },
      ],
    },
    {
      name: 'fp',
      signature: 'fp(class)',
      what: 'a false positive',
      takes: 'class',
      fields: [
        { name: 'evaluation', type: 'text', values: ['v2'] },
        { name: 'truth', type: 'class', values: [] },
      ],
    },
    { name: 'in_slice', signature: 'in_slice("name")', what: 'in the slice', takes: 'slice', fields: [] },
    { name: 'in_split', signature: 'in_split(name)', what: 'in the split', takes: 'split', fields: [] },
    { name: 'tag', signature: 'tag("name")', what: 'has the tag', takes: 'tag', fields: [] },
    {
      name: 'near',
      signature: 'near(image = id)',
      what: 'looks like it',
      takes: '',
      fields: [{ name: 'image', type: 'number', values: [] }],
    },
  ],
}
const labels = (before: string) => optionsFor(spotOf(before), known).map(({ label }) => label)

describe('completions', () => {
  it('begin with fields and functions', () => {
    expect(labels('')).toEqual(expect.arrayContaining(['weather', 'width', 'fp(', 'any(', 'and', 'order by']))
    expect(labels('weather = "rainy" and ')).toContain('width')
    expect(labels('weather = "(" and ')).toContain('width')
    expect(labels('any(car) and (')).toContain('width')
  })
  it('are the values of a field after its comparison', () => {
    expect(labels('weather = ')).toEqual(['"rainy"', '"clear sky"'])
    expect(labels('count(car) > 1 and weather != ')).toContain('"rainy"')
    expect(labels('metadata.weather = ')).toContain('"rainy"')
    expect(labels('weather in (')).toContain('"rainy"')
    expect(labels('weather in ("rainy", ')).toContain('"clear sky"')
    expect(labels('width = ')).toEqual([])
  })
  it('are what a function takes, right after its bracket', () => {
    expect(labels('any(')).toEqual(expect.arrayContaining(['car', '"traffic light"', '*']))
    expect(labels('not fp( ')).toContain('car')
    expect(labels('in_slice(')).toEqual(['"train v1"'])
    expect(labels('in_split(')).toEqual(['train', 'val'])
    expect(labels('tag(')).toEqual(['"look again"'])
    expect(labels('near(')).toEqual(['image'])
  })
  it('are the fields of the function inside its brackets, and their values', () => {
    expect(labels('any(car, ')).toEqual(expect.arrayContaining(['area', 'touches_border', 'not']))
    expect(labels('any(car, ')).not.toContain('weather')
    expect(labels('any(car, (area > 5 or provenance = ')).toEqual(['"imported"', '"human"'])
    expect(labels('any(car, provenance in (human, ')).toContain('"human"')
    expect(labels('any(car, attributes."x" = ')).toEqual(['"left"'])
    expect(labels('any(car, touches_border = ')).toEqual(['true', 'false'])
    expect(labels('fp(car, evaluation = ')).toEqual(['"v2"'])
    expect(labels('fp(car, truth = ')).toEqual(expect.arrayContaining(['car', 'background']))
  })
})
