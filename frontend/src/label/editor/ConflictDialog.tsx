import { Button, Group, Modal } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../accounts/queries'
import type { Task } from '../../api/types'
import { count, personName } from '../../ui/format'
import { contentOf } from '../autosave'
import { difference } from '../canvas/compare'
import { replaceContent } from '../canvas/document'
import type { Session } from './session'

/** Somebody else saved this task meanwhile: says who and what, and lets the person choose. Nothing is thrown away. */
export function ConflictDialog({ session }: { session: Session }) {
  const { t } = useTranslation('label')
  const { autosave } = session
  const status = useSyncExternalStore(autosave.subscribe, () => autosave.status)
  if (status.phase !== 'conflict') return null
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      title={t('conflict.title')}
      size={480}
    >
      <Choice session={session} theirs={status.theirs} />
    </Modal>
  )
}

function Choice({ session, theirs }: { session: Session; theirs: Task }) {
  const { t } = useTranslation('label')
  const { editor, autosave } = session
  const me = useMe()
  const who = theirs.saved_by && theirs.saved_by.id !== me.id ? personName(theirs.saved_by) : null
  const take = () => {
    const content = autosave.takeTheirs()
    if (content) editor.commit('take_theirs', replaceContent(content))
  }
  return (
    <>
      <p className="hd-dim">{who ? t('conflict.who', { name: who }) : t('conflict.otherWindow')}</p>
      <Summary name={t('conflict.theirs')} from={autosave.base} to={contentOf(theirs)} />
      <Summary name={t('conflict.mine')} from={autosave.base} to={editor.content} />
      <p className="hd-dim" style={{ marginTop: 10 }}>
        {t('conflict.note')}
      </p>
      <Group justify="flex-end" mt={18}>
        <Button onClick={take}>{t('conflict.takeTheirs')}</Button>
        <Button variant="filled" onClick={() => void autosave.keepMine()} data-autofocus>
          {t('conflict.keepMine')}
        </Button>
      </Group>
    </>
  )
}

type SummaryProps = { name: string; from: Session['autosave']['base']; to: Session['autosave']['base'] }

function Summary({ name, from, to }: SummaryProps) {
  const { t } = useTranslation('label')
  const { added, removed, relabelled, moved } = difference(from, to)
  const parts = Object.entries({ added, removed, relabelled, moved })
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => t(`conflict.${kind}`, { count: number, n: count(number) }))
  return (
    <p style={{ marginTop: 8 }}>
      <strong>{name}</strong> {parts.length > 0 ? parts.join(', ') : t('conflict.noBoxes')}
    </p>
  )
}
