import { CopyButton, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Hash.module.css'

/** A content hash, short to read, copied whole by a click. */
export function Hash({ value, length = 12 }: { value: string; length?: number }) {
  const { t } = useTranslation('ui')
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copied') : `${t('copy')}: ${value}`}>
          <button type="button" className={classes.hash} onClick={copy}>
            {value.slice(0, length)}
          </button>
        </Tooltip>
      )}
    </CopyButton>
  )
}
