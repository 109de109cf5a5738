import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeKind, DatasetClass, MergeItem } from '../../api/types'
import { count } from '../../ui/format'
import { BeforeAfter } from './BeforeAfter'
import { kindsOf } from './changes'
import classes from './Merge.module.css'

/** Pictures shown at first, and with each press of "show more". */
const STEP = 24

/** Every change as a pair of pictures, before and after. */
export function ChangeGrid({ items, named }: { items: MergeItem[]; named: Map<number, DatasetClass> }) {
  const { t } = useTranslation('label')
  const [kind, setKind] = useState<ChangeKind | null>(null)
  const [shown, setShown] = useState(STEP)
  const chosen = kind ? items.filter((item) => item.change === kind) : items
  const kinds = kindsOf(items)
  return (
    <>
      {kinds.length > 1 && (
        <fieldset className={classes.kinds}>
          <legend className="hd-hidden">{t('merge.kinds')}</legend>
          {[null, ...kinds.map(([one]) => one)].map((one) => (
            <button key={one ?? 'all'} type="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
              {one ? t(`change.${one}`) : t('all')}{' '}
              <span className="hd-num">
                {count(one ? (kinds.find(([name]) => name === one)?.[1] ?? 0) : items.length)}
              </span>
            </button>
          ))}
        </fieldset>
      )}
      <ul className={classes.changes}>
        {chosen.slice(0, shown).map((item) => (
          <li key={item.key}>
            <BeforeAfter change={item} named={named} />
          </li>
        ))}
      </ul>
      {chosen.length > shown && (
        <Button mt={10} onClick={() => setShown(shown + STEP * 2)}>
          {t('merge.more', { count: chosen.length - shown })}
        </Button>
      )}
    </>
  )
}
