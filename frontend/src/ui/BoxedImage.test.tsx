import { describe, expect, it } from 'vitest'
import { draw } from '../test/render'
import { BoxedImage } from './BoxedImage'

describe('BoxedImage', () => {
  it('draws each box twice, a halo below the line, in the pixels of the image', async () => {
    const { container } = await draw(
      <BoxedImage
        src="/x.jpg"
        width={640}
        height={480}
        alt="street"
        boxes={[
          { key: 1, box: [10, 20, 110, 220], colour: '#4e9af1', label: 'car' },
          { key: 2, box: [5, 5, 3, 3], colour: '#4e9af1', line: 'dashed' },
        ]}
      />,
    )
    const rects = [...container.querySelectorAll('rect')]
    expect(rects).toHaveLength(4)
    expect(rects[1]!.getAttribute('width')).toBe('100')
    expect(rects[1]!.getAttribute('stroke')).toBe('#4e9af1')
    expect(rects[2]!.getAttribute('width')).toBe('0')
    expect(rects[3]!.getAttribute('stroke-dasharray')).toBeTruthy()
    expect(container.querySelector('svg')!.getAttribute('viewBox')).toBe('0 0 640 480')
  })

  it('draws a shape along its own outline, its holes left free', async () => {
    const outline = 'M10 10L90 10L90 90ZM40 40L50 40L50 50Z'
    const { container } = await draw(
      <BoxedImage
        src="/x.jpg"
        width={100}
        height={100}
        alt="street"
        boxes={[{ key: 1, box: [10, 10, 90, 90], outline, colour: '#4e9af1', line: 'dashed' }]}
      />,
    )
    expect(container.querySelectorAll('rect')).toHaveLength(0)
    const [halo, line] = container.querySelectorAll('path')
    expect(halo!.getAttribute('d')).toBe(outline)
    expect(halo!.getAttribute('fill-rule')).toBe('evenodd')
    expect(line!.getAttribute('stroke-dasharray')).toBeTruthy()
  })

  it('hatches what is ignored, within its box alone', async () => {
    const boxes = [
      { key: 1, box: [10, 20, 30, 30] as [number, number, number, number], colour: '#4e9af1', hatched: true },
      { key: 2, box: [50, 50, 90, 90] as [number, number, number, number], colour: '#4e9af1' },
    ]
    const { container } = await draw(
      <BoxedImage src="/x.jpg" width={100} height={100} alt="street" boxes={boxes} />,
    )
    const hatches = [...container.querySelectorAll('[data-hatched]')]
    expect(hatches).toHaveLength(1)
    const numbers = hatches[0]!
      .getAttribute('d')!
      .match(/[\d.]+/g)!
      .map(Number)
    const xs = numbers.filter((_, at) => at % 2 === 0)
    const ys = numbers.filter((_, at) => at % 2 === 1)
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([10, 30])
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([20, 30])
  })

  it('shows the part asked for', async () => {
    const { container } = await draw(
      <BoxedImage src="/x.jpg" width={640} height={480} alt="" boxes={[]} view={[100, 50, 300, 200]} />,
    )
    expect(container.querySelector('svg')!.getAttribute('viewBox')).toBe('100 50 200 150')
  })
})
