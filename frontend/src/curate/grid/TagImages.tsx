import { Autocomplete, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import { toastWithUndo } from '../../ui/undo'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { tagsQuery } from './queries'
import { useTried } from './useTried'

/** Hangs a tag on the selection, or takes one off; a new word becomes a tag. Can be taken back. */
export function TagImages({ list, what, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const tags = useQuery(tagsQuery(list.dataset)).data ?? []
  const { tag } = useBulk(list.dataset)
  const [name, setName] = useState('')
  const [remove, setRemove] = useState(false)
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const done = await tag.mutateAsync({ chosen: what(), name: name.trim(), remove })
      const undo = () =>
        tag.mutateAsync({ chosen: { ids: done.changed }, name: done.tag.name, remove: !remove })
      const words = { count: done.changed.length, name: done.tag.name }
      toastWithUndo(t(remove ? 'tag.takenOff' : 'tag.hung', words), t('undo'), undo)
      close()
    })
  return (
    <FormDialog
      title={t('tag.heading')}
      verb={t(remove ? 'tag.takeOff' : 'tag.hang')}
      ready={name.trim() !== ''}
      {...{ pending, problem, send, close }}
    >
      <Autocomplete
        label={t('tag.name')}
        data={tags.map((one) => one.name)}
        value={name}
        onChange={setName}
        maxLength={60}
        data-autofocus
      />
      {tags.length > 0 && (
        <SegmentedControl
          fullWidth
          aria-label={t('tag.which')}
          data={[
            { value: 'hang', label: t('tag.hang') },
            { value: 'off', label: t('tag.takeOff') },
          ]}
          value={remove ? 'off' : 'hang'}
          onChange={(value) => setRemove(value === 'off')}
        />
      )}
    </FormDialog>
  )
}
