import { describe, expect, it } from 'vitest'
import {
  chosenValues,
  classClause,
  conditions,
  hasCondition,
  hasValue,
  nameText,
  sliceClause,
  toggleCondition,
  toggleValue,
} from './queryText'

describe('conditions', () => {
  const rows: [string, string[]][] = [
    ['', []],
    ['any(car)', ['any(car)']],
    ['any(car) AND weather = "rain and snow"', ['any(car)', 'weather = "rain and snow"']],
    ['(a = 1 and b = 2) and c = 3', ['(a = 1 and b = 2)', 'c = 3']],
    ['a = 1 or b = 2', ['(a = 1 or b = 2)']],
    ['band = 1 and android = 2', ['band = 1', 'android = 2']],
    ['any(car) order by weather desc, key', ['any(car)']],
    ['order = 1 and by = 2 ORDER BY order', ['order = 1', 'by = 2']],
    ['order by key', []],
    [String.raw`key = "say \" and \"" and a = 1`, [String.raw`key = "say \" and \""`, 'a = 1']],
  ]
  it.each(rows)('of %s', (line, parts) => {
    expect(conditions(line)).toEqual(parts)
  })
})

describe('names', () => {
  it('are bare where they can be', () => {
    expect(nameText('rider')).toBe('rider')
    expect(nameText('traffic-light')).toBe('traffic-light')
    expect(nameText('신호등')).toBe('신호등')
    expect(nameText('traffic light')).toBe('"traffic light"')
    expect(nameText('not')).toBe('"not"')
    expect(nameText('3d')).toBe('"3d"')
    expect(sliceClause('the "best"')).toBe(String.raw`in_slice("the \"best\"")`)
  })
})

describe('toggleCondition', () => {
  it('adds and removes, and leaves the rest as it was typed', () => {
    const line = toggleCondition('weather  =  "rainy"', classClause('rider'))
    expect(line).toBe('weather  =  "rainy" and any(rider)')
    expect(hasCondition(line, 'any(rider)')).toBe(true)
    expect(toggleCondition(line, classClause('rider'))).toBe('weather  =  "rainy"')
  })
  it('puts an alternative into brackets before it adds to it', () => {
    expect(toggleCondition('a = 1 or b = 2', 'any(car)')).toBe('(a = 1 or b = 2) and any(car)')
  })
  it('empties the line with the last condition', () => {
    expect(toggleCondition('any(car)', 'any(car)')).toBe('')
  })
})

describe('toggleValue', () => {
  it('makes one condition per key, however many values', () => {
    const one = toggleValue('', 'weather', 'rainy')
    expect(one).toBe('weather = "rainy"')
    const two = toggleValue(one, 'weather', 'snowy')
    expect(two).toBe('weather in ("rainy", "snowy")')
    expect(hasValue(two, 'weather', 'snowy')).toBe(true)
    expect(toggleValue(two, 'weather', 'rainy')).toBe('weather = "snowy"')
    expect(toggleValue(one, 'weather', 'rainy')).toBe('')
  })
  it('keeps numbers and truth values as they are, and commas inside strings', () => {
    expect(toggleValue('', 'speed', 12.5)).toBe('speed = 12.5')
    const places = toggleValue(toggleValue('', 'place', 'Seoul, Korea'), 'place', 'Busan')
    expect(chosenValues(places, 'place')).toEqual(['"Seoul, Korea"', '"Busan"'])
    expect(toggleValue('night = true', 'night', true)).toBe('')
  })
  it('quotes keys that are not names', () => {
    const line = toggleValue('', 'time of day', 'dawn')
    expect(line).toBe('metadata."time of day" = "dawn"')
    expect(hasValue(line, 'time of day', 'dawn')).toBe(true)
  })
  it('leaves the order at the end of the line', () => {
    expect(toggleValue('order by key', 'scene', 'city')).toBe('scene = "city" order by key')
    expect(toggleCondition('any(car) and any(bike)  order by key desc', 'any(car)')).toBe(
      'any(bike) order by key desc',
    )
    expect(toggleCondition('any(car) order by key', 'any(car)')).toBe('order by key')
  })
  it('leaves other keys and other comparisons alone', () => {
    expect(toggleValue('speed >= 3 and scene = "city"', 'speed', 3)).toBe(
      'speed >= 3 and scene = "city" and speed = 3',
    )
  })
})
