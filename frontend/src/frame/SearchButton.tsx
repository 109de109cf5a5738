import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { KeyCaps } from '../ui/KeyCaps'
import { openPanel } from './panels'
import classes from './SearchButton.module.css'

/** Opens the palette for those who have not yet learnt its key. */
export function SearchButton() {
  const { t } = useTranslation('frame')
  return (
    <button type="button" className={classes.button} onClick={() => openPanel('palette')}>
      <IconSearch size={14} aria-hidden />
      <span className="hd-hidden">{t('palette.open')}</span>
      <KeyCaps keys="mod+k" />
    </button>
  )
}
