import { TextInput } from '@mantine/core'
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { show } from '../test/render'
import { Confirm } from './Confirm'
import { FormDialog } from './FormDialog'
import { RenameDialog } from './RenameDialog'

const form = (part: object = {}) => {
  const [send, close] = [vi.fn(), vi.fn()]
  const element = (
    <FormDialog title="Make it" verb="Make" pending={false} {...{ send, close }} {...part}>
      <TextInput label="Name" data-autofocus />
    </FormDialog>
  )
  return { send, close, element }
}

/** A page that has the dialog only while it is open. */
function Opening() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open && (
        <FormDialog title="Make it" verb="Make" pending={false} send={vi.fn()} close={() => setOpen(false)}>
          <TextInput label="Name" data-autofocus />
        </FormDialog>
      )}
    </>
  )
}

describe('FormDialog', () => {
  it('has its title, the focus in its first field, and is sent by Enter', async () => {
    const { element, send } = form()
    const { user } = await show(element)
    expect(await screen.findByRole('dialog', { name: 'Make it' })).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')))
    await user.keyboard('{Enter}')
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('gives the focus back where it was, though it leaves the page', async () => {
    const { user } = await show(<Opening />)
    await user.click(await screen.findByRole('button', { name: 'Open' }))
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Open' })))
  })

  it('is not sent before it is ready', async () => {
    const { element, send } = form({ ready: false })
    const { user } = await show(element)
    await user.type(await screen.findByLabelText('Name'), '{Enter}')
    expect(screen.getByRole('button', { name: 'Make' })).toHaveProperty('ariaDisabled', 'true')
    expect(send).not.toHaveBeenCalled()
  })

  it('is not sent again while it is on its way', async () => {
    const { element, send } = form({ pending: true })
    const { user } = await show(element)
    await user.type(await screen.findByLabelText('Name'), '{Enter}')
    expect(send).not.toHaveBeenCalled()
  })

  it('says what was refused and can be given up', async () => {
    const { element, close } = form({
      problem: new Problem(409, { title: 'Taken', detail: 'There is one.' }),
    })
    const { user } = await show(element)
    expect((await screen.findByRole('alert')).textContent).toContain('There is one.')
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(close).toHaveBeenCalledTimes(1)
  })
})

describe('Confirm', () => {
  it('has the focus on its verb, and shows nothing while it is closed', async () => {
    const confirm = vi.fn()
    const props = { close: () => {}, title: 'Go back?', verb: 'Revert to 3', confirm }
    const { user, unmount } = await show(
      <Confirm opened {...props}>
        It is a revision of its own.
      </Confirm>,
    )
    const verb = await screen.findByRole('button', { name: 'Revert to 3' })
    await waitFor(() => expect(document.activeElement).toBe(verb))
    await user.keyboard('{Enter}')
    expect(confirm).toHaveBeenCalledTimes(1)
    unmount()
    await show(
      <Confirm opened={false} {...props}>
        It is a revision of its own.
      </Confirm>,
    )
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('RenameDialog', () => {
  it('begins with what there is and saves nothing without a name', async () => {
    const save = vi.fn()
    const was = { name: 'rainy', description: 'wet roads' }
    const { user } = await show(
      <RenameDialog was={was} pending={false} problem={null} save={save} close={() => {}} />,
    )
    const name = await screen.findByLabelText<HTMLInputElement>('Name')
    expect([name.value, screen.getByLabelText<HTMLInputElement>('Description').value]).toEqual([
      'rainy',
      'wet roads',
    ])
    await user.clear(name)
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('ariaDisabled', 'true')
    await user.type(name, 'wet {Enter}')
    expect(save).toHaveBeenCalledWith({ name: 'wet', description: 'wet roads' })
  })
})
