import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ago,
  bounds,
  bytes,
  count,
  dateTime,
  duration,
  number,
  percent,
  personName,
  points,
  signedPoints,
} from './format'
import en from './locales/en.json'
import ko from './locales/ko.json'

beforeAll(async () => {
  await i18next.init({ lng: 'en', ns: ['ui'], resources: { en: { ui: en }, ko: { ui: ko } } })
})

describe('figures', () => {
  it.each([
    [0.423, '42.3'],
    [1, '100.0'],
    [0, '0.0'],
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('points of %s are %s', (score, text) => expect(points(score)).toBe(text))

  it.each([
    [0.034, '+3.4'],
    [-0.002, '−0.2'],
    [0.0001, '0.0'],
    [-0.0001, '0.0'],
  ])('the difference %s is %s', (difference, text) => expect(signedPoints(difference)).toBe(text))

  it('has the interval as half its width only where both sides show the same, else as its ends', () => {
    expect(bounds(0.423, { low: 0.415, high: 0.431 })).toBe('± 0.8')
    expect(bounds(0.423, { low: 0.412, high: 0.429 })).toBe('[41.2, 42.9]')
    expect(bounds(0.01, { low: -0.001, high: 0.03 }, signedPoints)).toBe('[−0.1, +3.0]')
  })

  it.each([
    [0.002134, '0.00213'],
    [12.345, '12.3'],
    [4120.7, '4,121'],
    [null, '–'],
  ])('the number %s reads %s', (value, text) => expect(number(value)).toBe(text))

  it('groups counts and shortens sizes', () => {
    expect(count(1234567)).toBe('1,234,567')
    expect(percent(0.4312)).toBe('43%')
    expect(bytes(6_210_000)).toBe('6.21 MB')
    expect(bytes(12)).toBe('12 B')
  })
})

describe('times', () => {
  it.each([
    [8, '8 s'],
    [250, '4 min 10 s'],
    [240, '4 min'],
    [1300, '21 min'],
    [7500, '2 h 05 min'],
    [-3, '0 s'],
  ])('%s seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  const now = Date.parse('2026-11-23T18:00:00Z')
  it.each([
    ['2026-11-23T17:59:30Z', 'just now'],
    ['2026-11-23T17:55:00Z', '5 minutes ago'],
    ['2026-11-23T15:00:00Z', '3 hours ago'],
    ['2026-11-22T17:00:00Z', 'yesterday'],
    ['2026-10-01T12:00:00Z', '1 Oct 2026'],
  ])('%s is %s', (at, text) => expect(ago(at, now)).toBe(text))

  it('are said in Korean too', async () => {
    await i18next.changeLanguage('ko')
    expect(duration(250)).toBe('4분 10초')
    expect(ago('2026-11-23T17:55:00Z', now)).toBe('5분 전')
    expect(dateTime('2026-11-23T03:05:00Z')).toContain('2026. 11. 23.')
    await i18next.changeLanguage('en')
  })
})

describe('people', () => {
  it('are called by their name, or by their address', () => {
    expect(personName({ name: 'Alice', email: 'a@b.c' })).toBe('Alice')
    expect(personName({ name: '', email: 'a@b.c' })).toBe('a@b.c')
    expect(personName(null)).toBe('Halfday')
  })
})
