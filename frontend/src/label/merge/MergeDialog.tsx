import { Button, Group, Modal, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, Merged as MergeAnswer, MergePreview, Resolution } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { mergeQuery, useMerge } from '../queries'
import { ChangeGrid } from './ChangeGrid'
import { Conflicts } from './Conflicts'
import { totalChanges } from './changes'
import classes from './Merge.module.css'
import { MergeCounts } from './MergeCounts'
import { Merged } from './Merged'

/** "Send to Curate": what will change, which conflicts want a decision, then the new revision. */
export function MergeDialog({ batch, close }: { batch: Batch; close: () => void }) {
  const { t } = useTranslation('label')
  const [made, setMade] = useState<MergeAnswer | null>(null)
  const preview = useQuery({ ...mergeQuery(batch.id), enabled: made === null })
  return (
    <Modal
      opened
      onClose={close}
      title={t(made?.revision ? 'merge.doneTitle' : 'sendToCurate')}
      size={960}
      yOffset="6vh"
    >
      {made ? (
        <Merged made={made} close={close} />
      ) : preview.error ? (
        <ProblemNote error={preview.error} retry={preview.refetch} />
      ) : preview.data ? (
        <Review batch={batch} preview={preview.data} close={close} merged={setMade} />
      ) : (
        <Skeleton height={280} aria-label={t('merge.comparing')} />
      )}
    </Modal>
  )
}

type Props = { batch: Batch; preview: MergePreview; close: () => void; merged: (made: MergeAnswer) => void }

function Review({ batch, preview, close, merged }: Props) {
  const { t } = useTranslation('label')
  const named = useClasses(batch.dataset)
  const merge = useMerge(batch)
  const [message, setMessage] = useState(t('merge.defaultMessage', { name: batch.name }))
  const [chosen, setChosen] = useState<Record<string, Resolution>>({})
  const undecided = preview.conflicts.filter(({ object_id }) => !chosen[object_id]).length
  const mine = Object.values(chosen).filter((side) => side !== 'theirs').length
  const changes = totalChanges(preview) + mine
  const send = () => merge.mutate({ message, resolutions: chosen, head: preview.head }, { onSuccess: merged })
  const calm = preview.items.filter((item) => !item.conflict)
  return (
    <>
      <MergeCounts preview={preview} batch={batch} />
      <div className={classes.scroll}>
        {preview.conflicts.length > 0 && (
          <Conflicts
            conflicts={preview.conflicts}
            named={named}
            chosen={chosen}
            choose={(object, side) => setChosen((was) => ({ ...was, [object]: side }))}
          />
        )}
        <ChangeGrid items={calm} named={named} />
      </div>
      {merge.error ? <ProblemNote error={merge.error} /> : null}
      <Group mt={14} gap={8} wrap="nowrap" align="end">
        <TextInput
          className={classes.message}
          label={t('merge.message')}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          data-autofocus
        />
        <Button onClick={close}>{t('ui:cancel')}</Button>
        <OffButton
          variant="filled"
          loading={merge.isPending}
          off={
            (undecided > 0 && t('merge.decideFirst')) ||
            (changes + preview.conflicts.length === 0 && t('merge.nothing'))
          }
          onClick={send}
        >
          {undecided > 0
            ? t('merge.undecided', { count: undecided })
            : changes === 0
              ? t('merge.finish')
              : t('merge.send', { count: changes })}
        </OffButton>
      </Group>
    </>
  )
}
