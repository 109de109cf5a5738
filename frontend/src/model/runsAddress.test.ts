import { expect, test } from 'vitest'
import { idsOf, listed, readRunsAddress } from './runsAddress'

test('runs stand in the address, each once, and nothing else', () => {
  expect(idsOf('3,1,2,1')).toEqual([3, 1, 2])
  expect(idsOf(7)).toEqual([7])
  expect(idsOf('1,x,-2,,0')).toEqual([1])
  expect(readRunsAddress({ runs: '1,2' })).toEqual({ runs: '1,2' })
  expect(readRunsAddress({ runs: 'none' })).toEqual({ runs: undefined })
  expect(readRunsAddress({})).toEqual({ runs: undefined })
  expect(listed([])).toBeUndefined()
})
