import { Button, Group, Modal, Textarea, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../ui/ProblemNote'
import { type ImageList, useMakeSlice } from './queries'
import type { Selection } from './selection'

type Props = {
  list: ImageList
  selection: Selection
  chosen: number
  ids: () => Promise<number[]>
  close: () => void
}

/** Gives the selection a name. Everything that matches is made by the query, the rest by hand, and the slice says which. */
export function MakeSlice({ list, selection, chosen, ids, close }: Props) {
  const { t } = useTranslation('curate/grid')
  const make = useMakeSlice(list.dataset)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const byQuery = selection.all && selection.ids.size === 0
  const send = async () => {
    setProblem(null)
    try {
      const what = byQuery
        ? { q: list.q, origin: { kind: 'query' as const, q: list.q } }
        : { images: await ids(), origin: { kind: 'hand' as const, ...(list.q ? { q: list.q } : {}) } }
      await make.mutateAsync({ name: name.trim(), description, ...what })
    } catch (error) {
      setProblem(error)
    }
  }
  if (make.data) {
    const { id } = make.data
    return (
      <Modal opened onClose={close} title={t('makeSlice.made')} size={420}>
        <p className="hd-dim">
          {t('makeSlice.madeNote', { name: make.data.name, count: make.data.image_count })}
        </p>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('stay')}</Button>
          <Button
            variant="filled"
            component={Link}
            to={`/datasets/${list.dataset}/slices/${id}`}
            data-autofocus
          >
            {t('makeSlice.open')}
          </Button>
        </Group>
      </Modal>
    )
  }
  return (
    <Modal opened onClose={close} title={t('makeSlice.heading', { count: chosen })} size={420}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextInput
          label={t('makeSlice.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Textarea
          mt={12}
          label={t('makeSlice.description')}
          autosize
          minRows={2}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {problem ? (
          <div style={{ marginTop: 12 }}>
            <ProblemNote error={problem} />
          </div>
        ) : null}
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('ui:cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!name.trim()} loading={make.isPending}>
            {t('makeSlice.title')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
