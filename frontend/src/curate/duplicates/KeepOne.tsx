import { Button, Checkbox, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { freeName } from './names'
import { type KeptOne, useDuplicateActions, type WantedGroups } from './queries'

/** Keeps one of each, of all groups or of some: the others leave every slice, and become a slice of their own. */
export function useKeepOne(dataset: number, wanted: WantedGroups) {
  const { t } = useTranslation('curate/duplicates')
  const slices = useSlices(dataset).data
  const { keepOne } = useDuplicateActions(dataset)
  return {
    keep: (groups: number[] | null) => {
      const name = freeName(t('kept.sliceName'), slices?.map((one) => one.name) ?? [])
      keepOne.mutate({ ...wanted, name, groups })
    },
    isReady: slices !== undefined && !keepOne.isPending,
    done: keepOne.data,
    error: keepOne.error,
    forget: keepOne.reset,
  }
}

type Props = { dataset: number; done: KeptOne; close: () => void }

/** What was done, and what can be done with it: taken back, looked at, removed for good. */
export function Kept({ dataset, done: { slice, changed }, close }: Props) {
  const { t } = useTranslation('curate/duplicates')
  const owns = useMay(dataset, 'owner')
  const { remove, undoKeepOne } = useDuplicateActions(dataset)
  const [sure, setSure] = useState(false)
  const n = { count: slice.image_count, n: count(slice.image_count) }
  const problem = remove.error ?? undoKeepOne.error
  const gone = () =>
    remove.mutate(slice.id, {
      onSuccess: (removed) => {
        toast(t('kept.removed', { count: removed.images, n: count(removed.images) }))
        close()
      },
    })
  const undo = () =>
    undoKeepOne.mutate(
      { slice, changed },
      {
        onSuccess: () => {
          toast(t('kept.undone'))
          close()
        },
      },
    )
  return (
    <Modal opened onClose={close} title={t('kept.title', n)} size={500}>
      {changed.length > 0 && (
        <ul aria-label={t('kept.slices')}>
          {changed.map((one) => (
            <li key={one.slice.id}>
              {t('kept.left', {
                name: one.slice.name,
                count: one.taken_out.length,
                n: count(one.taken_out.length),
              })}{' '}
              {one.put_in.length > 0 &&
                t('kept.came', { count: one.put_in.length, n: count(one.put_in.length) })}
            </li>
          ))}
        </ul>
      )}
      <p className="hd-dim">{t('kept.what', { ...n, name: slice.name })}</p>
      {owns && (
        <Checkbox
          mt={12}
          label={t('kept.sure', n)}
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
      )}
      {problem ? <ProblemNote error={problem} /> : null}
      <Group justify="flex-end" mt={18}>
        <Button loading={undoKeepOne.isPending} onClick={undo} data-autofocus>
          {t('undo')}
        </Button>
        {owns && (
          <OffButton color="red" off={!sure && t('ui:off.sure')} loading={remove.isPending} onClick={gone}>
            {t('kept.remove', n)}
          </OffButton>
        )}
        <Button variant="filled" component={PathLink} href={`/datasets/${dataset}/slices/${slice.id}`}>
          {t('kept.open')}
        </Button>
      </Group>
    </Modal>
  )
}
