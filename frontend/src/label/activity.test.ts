import { describe, expect, it } from 'vitest'
import { Activity } from './activity'

describe('Activity', () => {
  it('counts from sign of life to sign of life', () => {
    const activity = new Activity()
    activity.touch(1_000)
    activity.touch(6_000)
    expect(activity.seconds(8_000)).toBe(7)
  })
  it('stops thirty seconds after the last one', () => {
    const activity = new Activity()
    activity.touch(0)
    expect(activity.seconds(600_000)).toBe(30)
    activity.touch(600_000)
    expect(activity.seconds(605_000)).toBe(35)
  })
  it('does not count while the page is hidden', () => {
    const activity = new Activity()
    activity.touch(0)
    activity.pause(4_000)
    activity.touch(10_000)
    expect(activity.seconds(12_000)).toBe(6)
  })
  it('knows half a second of work', () => {
    const activity = new Activity()
    activity.touch(1_000)
    activity.touch(1_500)
    expect(activity.seconds(1_500)).toBe(0.5)
  })
})
