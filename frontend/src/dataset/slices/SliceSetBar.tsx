import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { PathLink } from '../../ui/PathLink'
import { OPERATIONS, type Operation } from './queries'
import classes from './SliceSetBar.module.css'

type Props = {
  dataset: number
  /** In the order in which they were chosen: what is taken away from comes first. */
  chosen: Slice[]
  /** Missing where one may only read. */
  combine?: (operation: Operation) => void
  clear: () => void
}

/** What can be done with the slices that are chosen. */
export function SliceSetBar({ dataset, chosen, combine, clear }: Props) {
  const { t } = useTranslation('dataset/slices')
  const [a, b] = chosen
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('chosen', { count: chosen.length })}>
      <span role="status">{t('chosen', { count: chosen.length })}</span>
      <span className={classes.names}>{chosen.map((one) => one.name).join(', ')}</span>
      <span className={classes.space} />
      {chosen.length < 2 && <span className="hd-dim">{t('chooseTwo')}</span>}
      {combine &&
        chosen.length > 1 &&
        OPERATIONS.map((operation) => (
          <Button key={operation} onClick={() => combine(operation)}>
            {t(`operations.${operation}`)}
          </Button>
        ))}
      {a && b && chosen.length === 2 && (
        <Button
          variant="filled"
          component={PathLink}
          href={`/datasets/${dataset}/slices/compare?a=${a.id}&b=${b.id}`}
        >
          {t('compare')}
        </Button>
      )}
      <Tooltip label={t('clear')}>
        <ActionIcon aria-label={t('clear')} onClick={clear}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
