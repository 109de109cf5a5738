import { describe, expect, it } from 'vitest'
import { type Mark, placeNames } from './marks'

const screen = { width: 300, height: 200 }
const measure = (text: string) => text.length * 6

function mark(key: string, box: Mark['box'], more: Partial<Mark> = {}): Mark {
  return { key, box, colour: '#ffffff', stroke: 'solid', name: 'car', ...more }
}

const place = (...marks: Mark[]) => placeNames(marks, (one) => one.box, measure, screen)

describe('placeNames', () => {
  it('stands above the box, below or beside it where the screen ends, never on it', () => {
    expect(place(mark('a', [10, 50, 80, 90]))[0]).toMatchObject({ x: 10, y: 34, width: 26 })
    expect(place(mark('a', [10, 5, 80, 90]))[0]).toMatchObject({ x: 10, y: 90 })
    expect(place(mark('a', [10, 5, 80, 195]))[0]).toMatchObject({ x: 80, y: 5 })
    expect(place(mark('a', [100, 5, 290, 195]))[0]).toMatchObject({ x: 74, y: 5 })
  })
  it('stands inside only where a selected box fills the screen', () => {
    expect(place(mark('a', [2, 2, 298, 198]))).toEqual([])
    expect(place(mark('a', [2, 2, 298, 198], { selected: true }))[0]).toMatchObject({ x: 4, y: 4 })
    expect(place(mark('a', [-90, -80, 400, 300], { selected: true }))[0]).toMatchObject({ x: 0, y: 0 })
  })
  it('stands below where another has the place above', () => {
    expect(place(mark('a', [10, 50, 80, 90], { nameBelow: true }))[0]).toMatchObject({ y: 90 })
    expect(place(mark('a', [10, 50, 80, 199], { nameBelow: true }))[0]).toMatchObject({ y: 34 })
  })
  it('leaves a name out where the box is too narrow', () => {
    expect(place(mark('a', [10, 50, 20, 90]))).toEqual([])
  })
  it('names narrow boxes as well where that is asked for', () => {
    expect(placeNames([mark('a', [10, 50, 20, 90])], (one) => one.box, measure, screen, true)).toHaveLength(1)
  })
  it('always names what is selected or hovered', () => {
    expect(
      place(mark('a', [10, 50, 12, 52], { selected: true }), mark('b', [10, 50, 12, 52], { hovered: true })),
    ).toHaveLength(2)
  })
  it('does not write one name over another: the larger box has it', () => {
    const names = place(mark('small', [14, 52, 60, 60]), mark('large', [10, 50, 200, 190]))
    expect(names.map((name) => name.mark.key)).toEqual(['large'])
  })
  it('leaves out what is off the screen and keeps the rest on it', () => {
    expect(place(mark('a', [400, 50, 500, 90]))).toEqual([])
    expect(place(mark('a', [290, 50, 340, 90]))[0]?.x).toBe(300 - 26)
  })
})
