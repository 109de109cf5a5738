import { useTranslation } from 'react-i18next'
import type { GateResult, GateRow, GateVerdict } from '../../api/types'
import { points, signedPoints } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './GateTable.module.css'

/** Each rule of a gate with the difference that it is about, its interval, and the word. */
export function GateTable({ result }: { result: GateResult }) {
  const { t } = useTranslation('model/endpoints')
  const columns: Column<GateRow>[] = [
    { key: 'rule', head: t('rule'), cell: (row) => <RuleName row={row} /> },
    { key: 'now', head: t('now'), numeric: true, width: 70, cell: (row) => points(row.incumbent) },
    { key: 'new', head: t('candidate'), numeric: true, width: 80, cell: (row) => points(row.candidate) },
    { key: 'change', head: t('change'), numeric: true, width: 170, cell: (row) => <Change row={row} /> },
    { key: 'drop', head: t('mayDrop'), numeric: true, width: 90, cell: (row) => row.drop },
    { key: 'verdict', head: t('verdict'), width: 130, cell: (row) => <GateWord of={row.verdict} /> },
  ]
  return (
    <>
      <Table label={t('gate')} columns={columns} rows={result.rules} rowKey={(row) => row.title} />
      {result.notes.map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
      <p className={classes.ground}>{t('judgedOn', { count: result.images, revision: result.revision })}</p>
    </>
  )
}

function RuleName({ row }: { row: GateRow }) {
  const { t } = useTranslation('model/endpoints')
  const figure = row.class ? row.figure.replace(/^mAP/, 'AP') : row.figure
  return (
    <span className={classes.rule}>
      {figure}
      {row.class && <b>{row.class}</b>}
      {row.scenario && <span className="hd-dim">{t('onScenario', { name: row.scenario })}</span>}
    </span>
  )
}

function Change({ row }: { row: GateRow }) {
  const { t } = useTranslation('model/endpoints')
  if (row.value === null) return <span className="hd-faint">–</span>
  if (row.incumbent === 0 && row.candidate === 0)
    return <span className="hd-dim">{t('nothingToCompare')}</span>
  return (
    <span className="hd-num">
      {signedPoints(row.value)}
      {row.low !== null && row.high !== null && (
        <span className={classes.interval}>
          {' '}
          [{signedPoints(row.low)}, {signedPoints(row.high)}]
        </span>
      )}
      {row.units === 1 && <span className={classes.interval}> {t('oneUnit')}</span>}
    </span>
  )
}

/** Passed, not shown or broken, with a sign of its own. */
export function GateWord({ of }: { of: GateVerdict }) {
  const { t } = useTranslation('model/endpoints')
  return (
    <span className={classes.word} data-verdict={of}>
      {t(`verdicts.${of}`)}
    </span>
  )
}
