import { IconFolderUp } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bytes, count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import classes from './ImportForm.module.css'
import { type ChosenFile, fromDrop, fromInput, type Source } from './source'

type Props = { source: Source | null; choose: (files: ChosenFile[]) => void; disabled?: boolean }

/** A folder, files or a zip, dropped or chosen. */
export function FilesField({ source, choose, disabled }: Props) {
  const { t } = useTranslation('dataset/imports')
  const [over, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled) void fromDrop(event.dataTransfer.items).then(choose)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; its buttons do the same by keyboard
    <div
      className={classes.files}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {[files, folder].map((input, place) => (
        <input
          key={input === folder ? 'folder' : 'files'}
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t(input === folder ? 'chooseFolder' : 'chooseFiles')}
          {...(place === 1 ? { webkitdirectory: '' } : {})}
          onChange={(event) => {
            choose(fromInput(event.currentTarget.files!))
            event.currentTarget.value = ''
          }}
        />
      ))}
      <IconFolderUp size={24} stroke={1.4} aria-hidden />
      {source ? (
        <>
          <strong>{source.name}</strong>
          <span className="hd-num">
            {t('chosen', { count: source.count, n: count(source.count), size: bytes(source.size) })}
          </span>
        </>
      ) : (
        <>
          <strong>{t('drop')}</strong>
          <span>{t('dropWhat')}</span>
        </>
      )}
      <span className={classes.choose}>
        <OffButton off={disabled && t('ui:off.sending')} onClick={() => folder.current?.click()}>
          {t('chooseFolder')}
        </OffButton>
        <OffButton off={disabled && t('ui:off.sending')} onClick={() => files.current?.click()}>
          {t('chooseFiles')}
        </OffButton>
      </span>
    </div>
  )
}
