import { screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { draw } from '../test/render'
import { ProblemNote } from './ProblemNote'

describe('ProblemNote', () => {
  it("says the server's sentence, and of fields only what that left out", async () => {
    const error = new Problem(400, {
      title: 'Bad Request',
      detail: 'name: Give a name.',
      errors: { name: ['Give a name.'], imgsz: ['Give a multiple of 32.'] },
    })
    await draw(<ProblemNote error={error} />)
    expect(screen.getByRole('alert').textContent).toContain(
      'name: Give a name.\nimgsz: Give a multiple of 32.',
    )
    expect(screen.queryByText('Bad Request')).toBeNull()
  })

  it('says that the server does not answer, and offers to try again', async () => {
    const retry = vi.fn()
    await draw(<ProblemNote error={Problem.offline()} retry={retry} />)
    expect(screen.getByText('The server does not answer')).toBeTruthy()
    screen.getByRole('button', { name: 'Try again' }).click()
    expect(retry).toHaveBeenCalledTimes(1)
  })

  it('shows an error that is none of ours with its own words', async () => {
    await draw(<ProblemNote error={new TypeError('x is undefined')} />)
    expect(screen.getByText('x is undefined')).toBeTruthy()
  })
})
