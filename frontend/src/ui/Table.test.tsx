import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { draw } from '../test/render'
import { type Column, sorted, Table } from './Table'

type Row = { id: number; name: string; score: number | null }
const rows: Row[] = [
  { id: 1, name: 'bike', score: 0.2 },
  { id: 2, name: 'car', score: null },
  { id: 3, name: 'rider', score: 0.7 },
]
const columns: Column<Row>[] = [
  { key: 'name', head: 'Name', cell: (row) => row.name },
  { key: 'score', head: 'Score', cell: (row) => row.score, sort: (row) => row.score },
]

const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0]!.textContent)

describe('Table', () => {
  it('opens a row by click and by Enter', async () => {
    const onOpen = vi.fn()
    await draw(
      <Table label="Classes" columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={onOpen} />,
    )
    const [, first] = screen.getAllByRole('row')
    fireEvent.click(first!)
    fireEvent.keyDown(first!, { key: 'Enter' })
    expect(onOpen.mock.calls.map(([row]) => row.id)).toEqual([1, 1])
  })

  it('walks its rows by arrows', async () => {
    await draw(
      <Table label="Classes" columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={() => {}} />,
    )
    const [, first, second] = screen.getAllByRole('row')
    first!.focus()
    fireEvent.keyDown(first!, { key: 'ArrowDown' })
    expect(document.activeElement).toBe(second)
    fireEvent.keyDown(second!, { key: 'k' })
    expect(document.activeElement).toBe(first)
  })

  it('leaves a click on a link in a row to the link', async () => {
    const onOpen = vi.fn()
    const linked: Column<Row>[] = [{ key: 'name', head: 'Name', cell: (row) => <a href="#x">{row.name}</a> }]
    await draw(
      <Table label="Classes" columns={linked} rows={rows} rowKey={(row) => row.id} onOpen={onOpen} />,
    )
    fireEvent.click(screen.getByText('car'))
    expect(onOpen).not.toHaveBeenCalled()
  })

  it('sorts by a head, largest first, then the other way, rows without a value last', async () => {
    await draw(<Table label="Classes" columns={columns} rows={rows} rowKey={(row) => row.id} />)
    fireEvent.click(screen.getByRole('button', { name: 'Score' }))
    expect(names()).toEqual(['rider', 'bike', 'car'])
    expect(screen.getByRole('columnheader', { name: 'Score' }).getAttribute('aria-sort')).toBe('descending')
    fireEvent.click(screen.getByRole('button', { name: 'Score' }))
    expect(names()).toEqual(['bike', 'rider', 'car'])
  })

  it('keeps the place while it loads and says when it is empty', async () => {
    const { container } = await draw(
      <Table label="Classes" columns={columns} rows={undefined} rowKey={(row) => row.id} />,
    )
    expect(container.querySelectorAll('tbody tr').length).toBeGreaterThan(2)
    await draw(
      <Table label="None" columns={columns} rows={[]} rowKey={(row) => row.id} empty="No class yet." />,
    )
    expect(screen.getByText('No class yet.')).toBeTruthy()
  })
})

describe('sorted', () => {
  it('puts numbers in names in their order and leaves its input alone', () => {
    const given = ['run 10', 'run 9']
    expect(sorted(given, (name) => name, false)).toEqual(['run 9', 'run 10'])
    expect(given).toEqual(['run 10', 'run 9'])
  })
})
