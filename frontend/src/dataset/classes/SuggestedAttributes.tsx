import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/calls'
import type { DatasetClass } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { toastProblem } from '../../ui/toast'
import { type NewAttribute, suggestedQuery, useAddAttributes } from './attributeQueries'
import { KindWords } from './KindWords'

type Suggested = Answer<'get', `datasets/${number}/attributes/suggested`>[number]
type Props = { dataset: number; named: ReadonlyMap<number, DatasetClass> }

/** What labels carry and the schema does not name: taken over one by one or together. */
export function SuggestedAttributes({ dataset, named }: Props) {
  const { t } = useTranslation('dataset/classes')
  const found = useQuery(suggestedQuery(dataset)).data
  const add = useAddAttributes(dataset)
  if (!found?.length) return null
  const take = (some: readonly Suggested[]) => add.mutate(some.map(asNew), { onError: toastProblem })
  const columns: Column<Suggested>[] = [
    { key: 'name', head: t('attribute.name'), cell: (one) => one.name },
    {
      key: 'class',
      head: t('attribute.of'),
      cell: (one) =>
        one.class_id === null ? (
          <span className="hd-dim">{t('attribute.everyClass')}</span>
        ) : (
          <ClassName of={named.get(one.class_id)} />
        ),
    },
    { key: 'kind', head: t('attribute.kind'), cell: (one) => <KindWords of={one} /> },
    {
      key: 'found',
      head: t('attribute.found'),
      cell: (one) => (
        <span className="hd-num">
          {one.found
            .slice(0, 6)
            .map(({ value, labels }) => `${String(value)} ${count(labels)}`)
            .join(' · ')}
          {one.found.length > 6 && ' …'}
        </span>
      ),
    },
    {
      key: 'take',
      head: '',
      width: 90,
      cell: (one) => (
        <OffButton
          size="compact-xs"
          aria-label={t('attribute.takeNamed', { name: one.name })}
          off={add.isPending && t('ui:off.saving')}
          onClick={() => take([one])}
        >
          {t('attribute.take')}
        </OffButton>
      ),
    },
  ]
  return (
    <Section
      title={t('attribute.suggested')}
      note={t('attribute.suggestedWhat')}
      actions={
        <Button loading={add.isPending} onClick={() => take(found)}>
          {t('attribute.takeAll', { count: found.length })}
        </Button>
      }
    >
      <Table
        label={t('attribute.suggested')}
        columns={columns}
        rows={found}
        rowKey={(one) => `${one.class_id} ${one.name}`}
        empty=""
      />
    </Section>
  )
}

function asNew({ class_id, name, kind, values, minimum, maximum }: Suggested): NewAttribute {
  return { class_id, name, kind, values, minimum, maximum }
}
