import { Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileName } from '../../canvas/fileName'
import { ImageView } from '../../canvas/ImageView'
import { rowMarks } from '../../canvas/rowMarks'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { OffIcon } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import type { GridAddress } from '../gridAddress'
import { imageQuery, useClasses } from '../queries'
import { BoxList } from './BoxList'
import { Details } from './Details'
import { Evaluations } from './Evaluations'
import { History } from './History'
import classes from './ImagePage.module.css'
import { annotationMarks } from './marks'
import { besideQuery, historyQuery, judgedQuery, type Place } from './queries'
import { Similar } from './Similar'

/** One image at full size: its labels now and as they were, what is known of it, how an evaluation judged it. */
export function ImagePage() {
  const { t } = useTranslation('dataset/image')
  const params = useParams({ strict: false })
  const dataset = Number(params.datasetId)
  const id = Number(params.imageId)
  const search = useSearch({ strict: false }) as GridAddress
  const [revision, setRevision] = useState<{ image: number; number: number } | null>(null)
  const [hovered, setHovered] = useState<string | null>(null)
  const at = revision?.image === id ? revision.number : undefined
  const image = useQuery({
    ...imageQuery(id, at),
    placeholderData: (before) => (before?.id === id ? before : undefined),
  })
  const history = useQuery(historyQuery(id))
  const named = useClasses(dataset)
  const evaluation = search.evaluation ?? null
  const judged = useQuery({ ...judgedQuery(dataset, id, evaluation ?? 0), enabled: evaluation !== null })
  const overlay = evaluation !== null && at === undefined && judged.data !== undefined
  const marks = useMemo(
    () =>
      overlay ? rowMarks(judged.data ?? [], named) : annotationMarks(image.data?.annotations ?? [], named),
    [overlay, judged.data, image.data, named],
  )
  return (
    <Page
      title={image.data ? fileName(image.data.key) : t('image')}
      dataset={dataset}
      middle={image.data && <Beside dataset={dataset} place={image.data} search={search} />}
    >
      {image.error ? (
        <div style={{ padding: 18 }}>
          <ProblemNote error={image.error} retry={image.refetch} />
        </div>
      ) : (
        <div className={classes.page}>
          <div className={classes.stage}>
            {image.data && (
              <ImageView
                image={image.data}
                file={image.data.file}
                thumbnail={image.data.thumb}
                marks={marks}
                label={t('label', { key: image.data.key, count: marks.length })}
                hovered={hovered}
                onHover={setHovered}
                failed={t('pictureFailed')}
              />
            )}
          </div>
          <Similar dataset={dataset} image={id} />
          <aside className={classes.side}>
            <Evaluations image={id} evaluation={evaluation} />
            <BoxList
              state={image.data?.label_state ?? 'labelled'}
              marks={marks}
              told={overlay ? NOTHING : (image.data?.annotations ?? NOTHING)}
              hovered={hovered}
              setHovered={setHovered}
            />
            {history.data && (
              <History
                history={history.data}
                named={named}
                dataset={dataset}
                at={at}
                show={(number) => setRevision(number === undefined ? null : { image: id, number })}
              />
            )}
            {image.data && <Details image={image.data} />}
          </aside>
        </div>
      )}
    </Page>
  )
}

const NOTHING: readonly never[] = []

type BesideProps = { dataset: number; place: Place; search: GridAddress }

/** To the image before and after in the list that this one was opened from. */
function Beside({ dataset, place, search }: BesideProps) {
  const { t } = useTranslation('dataset/image')
  const navigate = useNavigate()
  const { q = '', order = 'id' } = search
  const before = useQuery(besideQuery(dataset, place, q, order, -1)).data ?? null
  const after = useQuery(besideQuery(dataset, place, q, order, 1)).data ?? null
  const go = (id: number | null) => {
    if (id === null) return
    void navigate({
      to: '/datasets/$datasetId/images/$imageId',
      params: { datasetId: String(dataset), imageId: String(id) },
      search,
    })
  }
  const back = () =>
    navigate({
      to: '/datasets/$datasetId',
      params: { datasetId: String(dataset) },
      search: { ...search, image: place.id },
    })
  const group = t('image')
  useActions([
    {
      id: 'image.next',
      label: t('next'),
      group,
      keys: 'arrowright',
      disabled: after === null,
      perform: () => go(after),
    },
    {
      id: 'image.before',
      label: t('before'),
      group,
      keys: 'arrowleft',
      disabled: before === null,
      perform: () => go(before),
    },
    { id: 'image.grid', label: t('backToGrid'), group, keys: 'escape', perform: () => void back() },
  ])
  return (
    <div className={classes.beside}>
      <Tooltip label={t('before')}>
        <OffIcon
          aria-label={t('before')}
          off={before === null && t('ui:off.first')}
          onClick={() => go(before)}
        >
          <IconChevronLeft size={17} />
        </OffIcon>
      </Tooltip>
      <Tooltip label={t('next')}>
        <OffIcon aria-label={t('next')} off={after === null && t('ui:off.last')} onClick={() => go(after)}>
          <IconChevronRight size={17} />
        </OffIcon>
      </Tooltip>
      {q && <span className={classes.within}>{t('within', { q })}</span>}
    </div>
  )
}
