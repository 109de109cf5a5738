import { describe, expect, it } from 'vitest'
import { readMetadata } from './metadata'

describe('readMetadata', () => {
  it('reads one pair per line with its type', () => {
    expect(readMetadata('split = train\n\nspeed: 12.5\nnight = true\ncode = "007"')).toEqual({
      metadata: { split: 'train', speed: 12.5, night: true, code: '007' },
    })
  })

  it('gives nothing for nothing', () => {
    expect(readMetadata('  \n')).toEqual({})
  })

  it('names the line that it cannot read', () => {
    expect(readMetadata('split = train\njust words')).toEqual({ wrong: 'just words' })
    expect(readMetadata('empty =')).toEqual({ wrong: 'empty =' })
  })
})
