import { IconFileZip } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bytes } from '../../ui/format'
import classes from './ImportForm.module.css'

type Props = { file: File | null; choose: (file: File | null) => void; disabled?: boolean }

/** A zip, dropped or chosen. */
export function ZipField({ file, choose, disabled }: Props) {
  const { t } = useTranslation('dataset/imports')
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled) choose(event.dataTransfer.files[0] ?? null)
  }
  return (
    <label
      className={classes.zip}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        accept=".zip,application/zip"
        className="hd-hidden"
        disabled={disabled}
        onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
      />
      <IconFileZip size={24} stroke={1.4} aria-hidden />
      {file ? (
        <>
          <strong>{file.name}</strong>
          <span className="hd-num">{bytes(file.size)}</span>
        </>
      ) : (
        <>
          <strong>{t('drop')}</strong>
          <span>{t('dropWhat')}</span>
        </>
      )}
    </label>
  )
}
