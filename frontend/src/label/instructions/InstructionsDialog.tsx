import { Button, FileButton, Modal, Select, Textarea } from '@mantine/core'
import { IconPhotoPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ClipboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, Instructions } from '../../api/types'
import { personName } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { Time } from '../../ui/Time'
import { toast } from '../../ui/toast'
import { batchesQuery } from '../queries'
import classes from './InstructionsDialog.module.css'
import { LazyMarkdown } from './LazyMarkdown'
import { instructionsQuery, useAddPicture, useWriteInstructions, versionsQuery } from './queries'

type Props = { batch: Batch; mayWrite: boolean; close: () => void }
type Shown = 'read' | 'write' | 'history'

/** The instructions of a batch: read them, write a new version with a preview beside, see who wrote which. */
export function InstructionsDialog({ batch, mayWrite, close }: Props) {
  const { t } = useTranslation('label/instructions')
  const instructions = useQuery(instructionsQuery(batch.id))
  const [shown, setShown] = useState<Shown | null>(null)
  const now = shown ?? (mayWrite && instructions.data?.number === 0 ? 'write' : 'read')
  const parts: Shown[] = mayWrite ? ['read', 'write', 'history'] : ['read', 'history']
  return (
    <Modal opened onClose={close} title={t('of', { name: batch.name })} size={900}>
      {instructions.error && <ProblemNote error={instructions.error} retry={instructions.refetch} />}
      <fieldset className={classes.parts}>
        <legend className="hd-hidden">{t('title')}</legend>
        {parts.map((part) => (
          <button key={part} type="button" aria-pressed={now === part} onClick={() => setShown(part)}>
            {t(`${part}`)}
          </button>
        ))}
      </fieldset>
      {instructions.data && now === 'read' && <Read text={instructions.data.text} />}
      {instructions.data && now === 'write' && (
        <Write batch={batch} from={instructions.data} done={() => setShown('read')} />
      )}
      {now === 'history' && <Versions batch={batch.id} />}
    </Modal>
  )
}

function Read({ text }: { text: string }) {
  const { t } = useTranslation('label/instructions')
  return text ? <LazyMarkdown text={text} /> : <p className="hd-dim">{t('none')}</p>
}

function Write({ batch, from, done }: { batch: Batch; from: Instructions; done: () => void }) {
  const { t } = useTranslation('label/instructions')
  const [text, setText] = useState(from.text)
  const area = useRef<HTMLTextAreaElement>(null)
  const write = useWriteInstructions(batch.id)
  const picture = useAddPicture(batch.dataset)
  const put = (file: File | null) => {
    if (!file) return
    const at = area.current?.selectionStart ?? text.length
    picture.mutate(file, {
      onSuccess: (made) =>
        setText((was) => `${was.slice(0, at)}\n![${altOf(file)}](${made.file})\n${was.slice(at)}`),
    })
  }
  const paste = (event: ClipboardEvent) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith('image/'))
    if (!file) return
    event.preventDefault()
    put(file)
  }
  const save = () =>
    write.mutate(
      { text, seen: from.number },
      {
        onSuccess: () => {
          toast(t('saved'))
          done()
        },
      },
    )
  return (
    <>
      <div className={classes.tools}>
        <FileButton accept="image/*" onChange={put}>
          {(props) => (
            <Button
              {...props}
              size="compact-xs"
              leftSection={<IconPhotoPlus size={14} />}
              loading={picture.isPending}
            >
              {t('picture')}
            </Button>
          )}
        </FileButton>
        <Template batch={batch} take={setText} />
      </div>
      {picture.error && <ProblemNote error={picture.error} />}
      <div className={classes.sides}>
        <Textarea
          ref={area}
          label={t('markdown')}
          autosize
          minRows={14}
          maxRows={24}
          maxLength={50_000}
          value={text}
          onPaste={paste}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <section aria-label={t('preview')} className={classes.preview}>
          <LazyMarkdown text={text} />
        </section>
      </div>
      {write.error && <ProblemNote error={write.error} />}
      <OffButton
        mt={12}
        variant="filled"
        off={text === from.text && t('ui:off.unchanged')}
        loading={write.isPending}
        onClick={save}
      >
        {t('save', { number: from.number + 1 })}
      </OffButton>
    </>
  )
}

const altOf = (file: File): string => file.name.replace(/\.\w+$/, '').replace(/[[\]]/g, '')

/** What an earlier batch said is a beginning. */
function Template({ batch, take }: { batch: Batch; take: (text: string) => void }) {
  const { t } = useTranslation('label/instructions')
  const queries = useQueryClient()
  const others = useQuery(batchesQuery(batch.dataset)).data?.filter(({ id }) => id !== batch.id) ?? []
  if (others.length === 0) return null
  const choose = async (id: string | null) => {
    if (id === null) return
    const { text } = await queries.fetchQuery(instructionsQuery(Number(id)))
    if (text) take(text)
    else toast(t('templateNone'))
  }
  return (
    <Select
      size="xs"
      searchable
      aria-label={t('template')}
      placeholder={t('template')}
      data={others.map((one) => ({ value: String(one.id), label: one.name }))}
      value={null}
      onChange={(id) => void choose(id)}
    />
  )
}

function Versions({ batch }: { batch: number }) {
  const { t } = useTranslation('label/instructions')
  const versions = useQuery(versionsQuery(batch))
  if (versions.error) return <ProblemNote error={versions.error} retry={versions.refetch} />
  if (versions.data?.length === 0) return <p className="hd-dim">{t('none')}</p>
  return (
    <div className={classes.versions}>
      {versions.data?.map((one) => (
        <details key={one.number}>
          <summary>
            {t('version', { number: one.number, name: personName(one.author) })} ·{' '}
            <Time at={one.created_at} />
          </summary>
          <LazyMarkdown text={one.text} />
        </details>
      ))}
    </div>
  )
}
