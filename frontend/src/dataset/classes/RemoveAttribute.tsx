import { Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attribute } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { toast } from '../../ui/toast'
import { useDeleteAttribute, usesQuery } from './attributeQueries'

/** Asks whether the labels keep their values: then they are free attributes. */
export function RemoveAttribute({
  dataset,
  of,
  close,
}: {
  dataset: number
  of: Attribute
  close: () => void
}) {
  const { t } = useTranslation('dataset/classes')
  const labels = useQuery(usesQuery(of.id)).data?.labels
  const [values, setValues] = useState('keep')
  const remove = useDeleteAttribute(dataset)
  const send = () =>
    remove.mutate(
      { id: of.id, withValues: values === 'remove' },
      {
        onSuccess: ({ changed, revision }) => {
          if (revision !== null)
            toast(t('attribute.lost', { count: changed, n: count(changed), number: revision }))
          close()
        },
      },
    )
  const n = labels === undefined ? '…' : count(labels)
  return (
    <FormDialog
      title={t('attribute.remove', { name: of.name })}
      verb={t('attribute.removeVerb')}
      danger
      focusVerb
      pending={remove.isPending}
      problem={remove.error}
      close={close}
      send={send}
    >
      <Radio.Group label={t('attribute.removeAsk', { n })} value={values} onChange={setValues}>
        <Stack gap={8} mt={8}>
          <Radio value="keep" label={t('attribute.keepValues')} />
          <Radio value="remove" label={t('attribute.removeValues')} />
        </Stack>
      </Radio.Group>
    </FormDialog>
  )
}
