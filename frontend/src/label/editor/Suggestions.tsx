import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { useReason } from '../../dataset/suggestions/reason'
import { ClassName } from '../../ui/ClassName'
import { number } from '../../ui/format'
import { KeyCaps } from '../../ui/KeyCaps'
import type { ActionContext } from '../canvas/actions/action'
import { actionById } from '../canvas/actions/list'
import type { Suggestion } from '../canvas/content'
import { pendingOf, verdictOf } from '../canvas/suggestions'
import { useEditor } from '../canvas/useEditor'
import panel from './SidePanel.module.css'
import classes from './Suggestions.module.css'

type Named = ReadonlyMap<number, DatasetClass>
type Props = { context: ActionContext; named: Named }

/** What auto-curate doubts in this image, one after the other, each with its reason. */
export function Suggestions({ context, named }: Props) {
  const { t } = useTranslation('label')
  const { editor } = context
  // Asked for here, so that its texts come with the page and opening a suggestion waits for nothing.
  const reason = useReason()
  const content = useEditor(editor, (state) => state.document.now)
  const focused = useEditor(editor, (state) => state.suggestion)
  const open = pendingOf(content, editor.suggestions).length
  return (
    <section
      className={panel.part}
      style={{ flex: '0 1 auto', maxHeight: '52%' }}
      aria-label={t('suggestions')}
    >
      <header>
        <h2>{t('suggestions')}</h2>
        <span className="hd-num hd-dim" role="status">
          {open > 0 ? t('suggestionsOpen', { count: open }) : t('suggestionsDecided')}
        </span>
      </header>
      <ul className={panel.list}>
        {editor.suggestions.map((one) => (
          <li key={one.id}>
            {one.id === focused ? (
              <Card suggestion={one} context={context} named={named} reason={reason(one)} />
            ) : (
              <Line suggestion={one} context={context} named={named} />
            )}
          </li>
        ))}
      </ul>
      {focused === null && open > 0 && (
        <p className={classes.hint}>
          <KeyCaps keys="tab" /> {t('nextHint', { count: open })}
        </p>
      )}
    </section>
  )
}

type OneProps = { suggestion: Suggestion; context: ActionContext; named: Named }

function Line({ suggestion, context: { editor }, named }: OneProps) {
  const { t } = useTranslation('label')
  const verdict = useEditor(editor, (state) => verdictOf(state.document.now, suggestion))
  return (
    <button type="button" className={panel.row} onClick={() => editor.focusSuggestion(suggestion.id)}>
      <span className={panel.grow}>{t(`suggestion.${suggestion.kind}`)}</span>
      {verdict === 'pending' ? (
        <ClassName of={named.get((suggestion.proposed ?? suggestion.given)?.class_id ?? -1)} />
      ) : (
        <VerdictWord verdict={verdict} />
      )}
    </button>
  )
}

function Card({ suggestion, context, named, reason }: OneProps & { reason: string }) {
  const { t } = useTranslation('label')
  const verdict = useEditor(context.editor, (state) => verdictOf(state.document.now, suggestion))
  return (
    <div className={classes.card} data-kind={suggestion.kind}>
      <div className={classes.head}>
        <strong>{t(`suggestion.${suggestion.kind}`)}</strong>
        <span className="hd-num hd-dim" title={t('score')}>
          {number(suggestion.score, 2)}
        </span>
      </div>
      <Proposal suggestion={suggestion} named={named} />
      <p className={classes.reason}>{reason}</p>
      {verdict === 'pending' ? (
        <div className={classes.buttons}>
          <Decide id="accept" label={t('accept')} context={context} filled />
          <Decide id="take_and_edit" label={t('edit')} context={context} />
          <Decide id="reject" label={t('reject')} context={context} />
        </div>
      ) : (
        <div className={classes.buttons}>
          <VerdictWord verdict={verdict} />
          <Decide id="reopen" label={t('reopen')} context={context} />
        </div>
      )}
    </div>
  )
}

function Proposal({
  suggestion: { kind, given, proposed },
  named,
}: {
  suggestion: Suggestion
  named: Named
}) {
  const { t } = useTranslation('label')
  const was = given && named.get(given.class_id)
  const is = proposed && named.get(proposed.class_id)
  if (kind === 'wrong_class') {
    return (
      <p className={classes.proposal}>
        <ClassName of={was ?? undefined} /> <span aria-hidden>→</span>
        <span className="hd-hidden">{t('becomes')}</span> <ClassName of={is ?? undefined} />
      </p>
    )
  }
  return (
    <p className={classes.proposal}>
      <ClassName of={(is ?? was) || undefined} />
      <span className="hd-dim">{t(`proposal.${kind}`)}</span>
    </p>
  )
}

type DecideProps = { id: string; label: string; context: ActionContext; filled?: boolean }

function Decide({ id, label, context, filled }: DecideProps) {
  const action = actionById(id)
  return (
    <Button
      size="compact-xs"
      variant={filled ? 'filled' : 'default'}
      rightSection={<KeyCaps keys={action.keys[0] ?? ''} />}
      onClick={() => action.perform(context)}
    >
      {label}
    </Button>
  )
}

function VerdictWord({ verdict }: { verdict: 'accepted' | 'corrected' | 'rejected' | 'pending' }) {
  const { t } = useTranslation('label')
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      {t(`verdict.${verdict}`)}
    </span>
  )
}
