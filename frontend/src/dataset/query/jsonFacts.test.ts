import { describe, expect, it } from 'vitest'
import { jsonFacts } from './jsonFacts'

describe('jsonFacts', () => {
  it('shows plain values under their names', () => {
    const metadata = { weather: 'rainy', speed: 4.5, wet: true, note: null, empty: '' }
    expect(jsonFacts(metadata, 'metadata')).toEqual({
      weather: 'rainy',
      speed: '4.5',
      wet: 'true',
      note: '–',
      empty: '–',
    })
  })

  it('names what is inside others by its path, as the query line does', () => {
    const metadata = {
      gps: { lat: 48.1, fix: { kind: '3d' } },
      'time of day': { hour: 7 },
      width: { sensor: 5 },
    }
    expect(jsonFacts(metadata, 'metadata')).toEqual({
      'gps.lat': '48.1',
      'gps.fix.kind': '3d',
      'metadata."time of day".hour': '7',
      'metadata.width.sensor': '5',
    })
  })

  it('shows a list of plain values in one line', () => {
    expect(jsonFacts({ tags: ['a', 'b', 'c'], lens: [1, null, true] }, 'metadata')).toEqual({
      tags: 'a, b, c',
      lens: '1, –, true',
    })
  })

  it('takes a list of more than plain values apart by place', () => {
    const sensors = [{ name: 'lidar', range: [0, 80] }, 'radar', [1, 2]]
    expect(jsonFacts({ sensors }, 'metadata')).toEqual({
      'sensors."0".name': 'lidar',
      'sensors."0".range': '0, 80',
      'sensors."1"': 'radar',
      'sensors."2"': '1, 2',
    })
  })

  it('shows a dash for what is empty', () => {
    expect(jsonFacts({ gps: {}, tags: [] }, 'metadata')).toEqual({ gps: '–', tags: '–' })
    expect(jsonFacts({}, 'metadata')).toEqual({})
  })

  it('leads what means a field of a label by the column of attributes', () => {
    expect(jsonFacts({ area: 5, occluded: false, pose: { yaw: 3 } }, 'attributes')).toEqual({
      'attributes.area': '5',
      occluded: 'false',
      'pose.yaw': '3',
    })
  })
})
