import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filesBelow } from '../test/files'

/** A text that stands beside the button is no reason of its own. */
const OWN_WAY = 'src/ui/OffButton.tsx'

describe('a button that is off', () => {
  it('says why: it is an OffButton or an OffIcon', () => {
    const silent = filesBelow('src', /\.tsx$/)
      .filter((path) => path !== OWN_WAY && !/\.test\.tsx$/.test(path))
      .filter((path) => /<(Button|ActionIcon)\b(?:[^<>]|=>)*?\sdisabled=/.test(readFileSync(path, 'utf8')))
    expect(silent).toEqual([])
  })
})
