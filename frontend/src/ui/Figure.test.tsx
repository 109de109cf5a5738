import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { draw } from '../test/render'
import { Delta, Figure } from './Figure'

describe('Figure', () => {
  it('stands with its interval, its bounds said to screen readers', async () => {
    const { container } = await draw(
      <Figure value={0.423} interval={{ low: 0.415, high: 0.431, level: 0.95 }} />,
    )
    expect(container.textContent).toContain('42.3 ± 0.8')
    expect(container.textContent).toContain('95 % interval 41.5 to 43.1')
  })

  it('says both ends where they are not as far away, to the last digit shown', async () => {
    const { container } = await draw(
      <>
        <Figure value={0.0075} interval={{ low: 0, high: 0.0184 }} />
        <Delta value={0.0075} low={-0.001} high={0.0184} />
      </>,
    )
    const shown = [...container.querySelectorAll('.hd-num')].map(({ textContent }) => textContent)
    expect(shown[0]).toContain('0.8 [0.0, 1.8]')
    expect(shown[1]).toBe('+0.8 [−0.1, +1.8]')
  })

  it('stands alone where there is no interval, and is a dash where there is nothing', async () => {
    const { container } = await draw(
      <>
        <Figure value={0.5} interval={{ low: null, high: null }} />
        <Figure value={null} />
      </>,
    )
    const shown = [...container.querySelectorAll('.hd-num')].map((element) => element.textContent)
    expect(shown).toEqual(['50.0', '–'])
  })
})

describe('Delta', () => {
  it('says sign, interval and what it shows', async () => {
    await draw(<Delta value={0.034} low={0.012} high={0.056} verdict="proven" />)
    expect(screen.getByText(/\+3\.4/).textContent).toBe('+3.4 ± 2.2')
    expect(screen.getByText('proven')).toBeTruthy()
  })

  it('is a dash where it could not be computed', async () => {
    await draw(<Delta value={null} verdict="not_shown" />)
    expect(screen.queryByText('not shown')).toBeNull()
  })
})
