import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useClasses } from '../../dataset/queries'
import { number } from '../../ui/format'
import classes from './Facets.module.css'
import type { Conditions, ObjectList } from './objects'

type Props = { list: ObjectList; ask: (conditions: Conditions) => void }

/** What a mark of a chart asked and no facet shows: a cell of the confusion matrix, a band of sizes. Each can be taken back. */
export function MarkAsked({ list, ask }: Props) {
  const { t } = useTranslation('curate/grid')
  const { conditions } = list
  const named = useClasses(list.dataset)
  const side = (id: string) => (id === '0' ? t('background') : (named.get(Number(id))?.name ?? `#${id}`))
  const [labelled = '', predicted = ''] = conditions.cell?.split(':') ?? []
  const { area_from: from, area_below: below } = conditions
  const edge = (area: number) => number(Math.sqrt(area))
  return (
    <>
      {conditions.cell && (
        <Chip
          words={t('cellAsked', { labelled: side(labelled), predicted: side(predicted) })}
          takeBack={() => ask({ ...conditions, cell: null })}
        />
      )}
      {(from !== null || below !== null) && (
        <Chip
          words={
            below === null
              ? t('sizeFrom', { from: edge(from ?? 0) })
              : t('sizeBetween', { from: edge(from ?? 0), below: edge(below) })
          }
          takeBack={() => ask({ ...conditions, area_from: null, area_below: null })}
        />
      )}
    </>
  )
}

function Chip({ words, takeBack }: { words: string; takeBack: () => void }) {
  const { t } = useTranslation('curate/grid')
  return (
    <p className={classes.chip}>
      <span>{words}</span>
      <ActionIcon size={20} aria-label={t('takeBack', { what: words })} onClick={takeBack}>
        <IconX size={13} />
      </ActionIcon>
    </p>
  )
}
