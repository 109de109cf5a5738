import { expect, it } from 'vitest'
import { lookOf } from './look'
import { ink } from './raster'

const COLOURS = {
  groups: [
    { name: 'car', colour: '#112233', images: 2 },
    { code: 'other' as const, images: 1 },
  ],
  of: [0, 1, 0, -1],
}
const ASKED = { count: 4, colours: COLOURS, meant: null, inside: null, lifted: null, scheme: 'dark' as const }

it('gives each point the colour of its group', () => {
  const { inks, rank, selected } = lookOf(ASKED)
  expect(inks[0]).toBe(ink('#112233'))
  expect(inks[2]).toBe(inks[0])
  expect(inks[1]).toBe(inks[3])
  expect([...rank]).toEqual([1, 1, 1, 1])
  expect(selected).toBe(0)
})

it('selects what is inside the line and meant by the query', () => {
  const { inks, rank, selected } = lookOf({
    ...ASKED,
    meant: new Uint8Array([1, 1, 0, 1]),
    inside: new Uint8Array([1, 0, 1, 0]),
  })
  expect([...rank]).toEqual([2, 1, 0, 1])
  expect(selected).toBe(1)
  expect(inks[0]).toBe(ink('#112233'))
  expect(new Set([inks[1], inks[2], inks[3]]).size).toBe(1)
})

it('leaves out images that were removed', () => {
  const of = [0, -2, 0, -1]
  const { rank, selected } = lookOf({
    ...ASKED,
    colours: { ...COLOURS, of },
    inside: new Uint8Array([1, 1, 1, 1]),
  })
  expect([...rank]).toEqual([2, 3, 2, 2])
  expect(selected).toBe(3)
})

it('lifts one group above the others', () => {
  const { inks } = lookOf({ ...ASKED, lifted: 0 })
  expect(inks[0]).toBe(ink('#112233'))
  expect(inks[1]).not.toBe(ink('#77777b'))
})
