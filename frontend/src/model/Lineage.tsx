import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Manifest, RunDetail } from '../api/types'
import { Figure } from '../ui/Figure'
import { count } from '../ui/format'
import { Hash } from '../ui/Hash'
import { PathLink } from '../ui/PathLink'
import classes from './Lineage.module.css'
import { drawLineage, edgePath, leftOf, NODE, type Node, topOf } from './lineage'

/** What went in, frozen, and what came out, as a drawing whose parts can be opened. */
export function Lineage({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const { nodes, edges, columns, rows } = drawLineage(run)
  const by = new Map(nodes.map((node) => [node.id, node]))
  const width = leftOf(columns - 1) + NODE.width
  const height = topOf(rows - 1) + NODE.height
  return (
    <div className={classes.scroll}>
      <div className={classes.drawing} style={{ width, height }}>
        <svg width={width} height={height} role="img" aria-label={t('lineage')}>
          {edges.map(({ from, to }) => (
            <path key={`${from}-${to}`} d={edgePath(by.get(from)!, by.get(to)!)} className={classes.edge} />
          ))}
        </svg>
        {nodes.map((node) => (
          <div
            key={node.id}
            className={classes.node}
            data-this={node.id === 'this' || undefined}
            style={{
              left: leftOf(node.column),
              top: topOf(node.row),
              width: NODE.width,
              height: NODE.height,
            }}
          >
            <NodeText node={node} run={run} />
          </div>
        ))}
      </div>
    </div>
  )
}

function NodeText({ node, run }: { node: Node; run: RunDetail }) {
  const { t } = useTranslation('model')
  if (node.id === 'this') return <Lines what={t('thisRun')}>{run.name}</Lines>
  if (node.kind === 'run')
    return (
      <Lines what={t('parentRun')} to={`/runs/${run.parent?.id}`}>
        {run.parent?.name}
      </Lines>
    )
  if (node.kind === 'start')
    return (
      <Lines what={t('startsFrom')}>
        {t(`startWeights.${run.weights.kind}`, { id: run.weights.checkpoint, name: run.baseline })}
      </Lines>
    )
  if (node.kind === 'slice') {
    const slice = node.side === 'validation' ? run.validation_slice : run.train_slices[node.index ?? 0]
    return (
      <Lines
        what={t(node.side === 'validation' ? 'validationSlice' : 'trainSlice')}
        to={`/datasets/${run.dataset}/slices/${slice?.id}`}
      >
        {slice?.name}
      </Lines>
    )
  }
  if (node.kind === 'manifest')
    return (
      <ManifestText
        manifest={node.side === 'train' ? run.train_manifest : run.validation_manifest}
        run={run}
      />
    )
  if (node.kind === 'checkpoint') {
    const checkpoint = run.checkpoints[node.index ?? 0]
    return (
      <Lines what={checkpoint && t(`checkpoint.${checkpoint.kind}`, { epoch: checkpoint.epoch })}>
        {checkpoint && <Hash value={checkpoint.sha256} length={14} />}
      </Lines>
    )
  }
  return run.evaluation ? (
    <Lines what={t('evaluation')} to={`/evaluations/${run.evaluation.id}`}>
      mAP <Figure value={run.evaluation.figures?.AP} interval={run.evaluation.interval} />
    </Lines>
  ) : (
    <Lines what={t('evaluation')}>
      <span className="hd-faint">{t('notYet')}</span>
    </Lines>
  )
}

function ManifestText({ manifest, run }: { manifest: Manifest | null; run: RunDetail }) {
  const { t } = useTranslation('model')
  if (!manifest)
    return (
      <Lines what={t('manifest')}>
        <span className="hd-faint">{t('notYet')}</span>
      </Lines>
    )
  return (
    <Lines
      what={
        <>
          {t('imagesAt', { count: manifest.image_count, n: count(manifest.image_count) })}{' '}
          <PathLink href={`/datasets/${run.dataset}/revisions/${manifest.revision}`}>
            {t('atRevision', { n: manifest.revision })}
          </PathLink>
        </>
      }
    >
      <Hash value={manifest.content_hash} length={14} />
    </Lines>
  )
}

function Lines({ what, to, children }: { what: ReactNode; to?: string; children: ReactNode }) {
  return (
    <>
      <span className={classes.what}>{what}</span>
      {to ? (
        <PathLink href={to} className={classes.name}>
          {children}
        </PathLink>
      ) : (
        <span className={classes.name}>{children}</span>
      )}
    </>
  )
}
