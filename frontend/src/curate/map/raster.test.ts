import { expect, it } from 'vitest'
import { disc, discRows, ink } from './raster'

it('writes colours as the picture has them', () => {
  const pixels = new Uint32Array([ink('#102030', 200)])
  expect([...new Uint8Array(pixels.buffer)]).toEqual([0x10, 0x20, 0x30, 200])
})

it('draws a disc, and cuts it off at the edge', () => {
  const raster = { pixels: new Uint32Array(25), width: 5, height: 5 }
  disc(raster, 2, 2, discRows(1), 7)
  expect([...raster.pixels].map((one, at) => (one ? at : -1)).filter((at) => at >= 0)).toEqual([
    7, 11, 12, 13, 17,
  ])
  disc(raster, 0, 0, discRows(1), 8)
  disc(raster, -9, 2, discRows(1), 9)
  expect([...raster.pixels].filter((one) => one === 8)).toHaveLength(3)
  expect(raster.pixels).not.toContain(9)
})
