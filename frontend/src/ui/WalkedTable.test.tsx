import { fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { draw } from '../test/render'
import { WalkedTable } from './WalkedTable'

it('walks from cell to cell with the arrow keys, one of them in the tab order', async () => {
  await draw(
    <WalkedTable label="Confusion">
      <tbody>
        {['a', 'b'].map((row, y) => (
          <tr key={row}>
            {['1', '2'].map((column, x) => (
              <td key={column}>
                <button type="button" tabIndex={x + y === 0 ? 0 : -1}>
                  {row + column}
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </WalkedTable>,
  )
  const cell = (name: string) => screen.getByRole('button', { name })
  cell('a1').focus()
  fireEvent.keyDown(cell('a1'), { key: 'ArrowRight' })
  fireEvent.keyDown(cell('a2'), { key: 'ArrowDown' })
  expect(document.activeElement).toBe(cell('b2'))
  expect(['a1', 'a2', 'b1', 'b2'].map((name) => cell(name).tabIndex)).toEqual([-1, -1, -1, 0])
  fireEvent.keyDown(cell('b2'), { key: 'ArrowDown' })
  expect(document.activeElement).toBe(cell('b2'))
})
