import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gate } from '../../api/types'
import { useDataset, useSlices } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import classes from './GateDialog.module.css'
import { useDeleteGate, useSaveGate } from './queries'
import {
  type DraftRule,
  type DraftScenario,
  documentOf,
  draftOf,
  EVERY,
  FIGURES,
  freshRule,
  freshScenario,
  scenarioNames,
} from './rules'

type Props = { dataset: number; gate: Gate | null; close: () => void }

/** Rules and scenarios, row by row. */
export function GateDialog({ dataset, gate, close }: Props) {
  const { t } = useTranslation('model/endpoints')
  const save = useSaveGate(dataset, gate?.id ?? null)
  const remove = useDeleteGate(gate?.id ?? 0)
  const [name, setName] = useState(gate?.name ?? '')
  const [rules, setRules] = useState<DraftRule[]>(() => (gate ? draftOf(gate.document).rules : [freshRule()]))
  const [scenarios, setScenarios] = useState<DraftScenario[]>(() =>
    gate ? draftOf(gate.document).scenarios : [],
  )
  const names = scenarioNames(scenarios, gate?.document)
  const changed = (rule: DraftRule) => setRules(rules.map((one) => (one.key === rule.key ? rule : one)))
  const changedScenario = (row: DraftScenario) =>
    setScenarios(scenarios.map((one) => (one.key === row.key ? row : one)))
  const send = () =>
    save.mutate(
      { name: name.trim(), document: documentOf(rules, scenarios, gate?.document) },
      { onSuccess: close },
    )
  return (
    <FormDialog
      title={gate ? gate.name : t('newGate')}
      verb={t('saveGate')}
      size={760}
      ready={!!name.trim() && rules.length > 0 && rules.every(({ drop }) => drop !== '')}
      pending={save.isPending}
      problem={save.error ?? remove.error}
      send={send}
      close={close}
    >
      <TextInput
        label={t('name')}
        value={name}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className={classes.rows}>
        <legend>{t('rules')}</legend>
        <p className="hd-dim">{t('rulesHelp')}</p>
        {rules.map((rule) => (
          <RuleRow
            key={rule.key}
            dataset={dataset}
            rule={rule}
            scenarios={names}
            change={changed}
            remove={() => setRules(rules.filter(({ key }) => key !== rule.key))}
          />
        ))}
        <Button leftSection={<IconPlus size={14} />} onClick={() => setRules([...rules, freshRule()])}>
          {t('addRule')}
        </Button>
      </fieldset>
      <fieldset className={classes.rows}>
        <legend>{t('scenarios')}</legend>
        <p className="hd-dim">{t('scenariosHelp')}</p>
        {scenarios.map((row) => (
          <ScenarioRow
            key={row.key}
            dataset={dataset}
            row={row}
            change={changedScenario}
            remove={() => setScenarios(scenarios.filter(({ key }) => key !== row.key))}
          />
        ))}
        <Button
          leftSection={<IconPlus size={14} />}
          onClick={() => setScenarios([...scenarios, freshScenario()])}
        >
          {t('addScenario')}
        </Button>
      </fieldset>
      {gate && (
        <Button
          color="red"
          variant="subtle"
          className={classes.delete}
          loading={remove.isPending}
          onClick={() => remove.mutate(undefined, { onSuccess: close })}
        >
          {t('deleteGate')}
        </Button>
      )}
    </FormDialog>
  )
}

type RuleProps = {
  dataset: number
  rule: DraftRule
  scenarios: string[]
  change: (rule: DraftRule) => void
  remove: () => void
}

function RuleRow({ dataset, rule, scenarios, change, remove }: RuleProps) {
  const { t } = useTranslation('model/endpoints')
  const names = useDataset(dataset).data?.classes ?? []
  return (
    <div className={classes.row}>
      <Select
        aria-label={t('figure')}
        data={[...FIGURES]}
        value={rule.figure ?? 'mAP'}
        allowDeselect={false}
        onChange={(figure) => change({ ...rule, figure: figure as DraftRule['figure'] })}
      />
      <Select
        aria-label={t('ofClass')}
        data={[
          { value: '', label: t('allClasses') },
          { value: EVERY, label: t('everyClass') },
          ...names.map((one) => ({ value: one.name, label: one.name })),
        ]}
        value={rule.of}
        allowDeselect={false}
        onChange={(of) => change({ ...rule, of: of ?? '' })}
      />
      <Select
        aria-label={t('scenario')}
        data={[{ value: '', label: t('allImages') }, ...scenarios.map((one) => ({ value: one, label: one }))]}
        value={rule.scenario}
        allowDeselect={false}
        onChange={(scenario) => change({ ...rule, scenario: scenario ?? '' })}
      />
      <NumberInput
        aria-label={t('mayDrop')}
        min={0}
        max={100}
        step={0.5}
        suffix={t('pointsSuffix', { count: Number(rule.drop) })}
        value={rule.drop}
        onChange={(drop) => change({ ...rule, drop: drop === '' ? '' : Number(drop) })}
      />
      <ActionIcon aria-label={t('removeRule')} onClick={remove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}

type ScenarioProps = {
  dataset: number
  row: DraftScenario
  change: (row: DraftScenario) => void
  remove: () => void
}

function ScenarioRow({ dataset, row, change, remove }: ScenarioProps) {
  const { t } = useTranslation('model/endpoints')
  const slices = useSlices(dataset).data ?? []
  return (
    <div className={classes.scenario}>
      <TextInput
        aria-label={t('scenarioName')}
        placeholder={t('scenarioName')}
        value={row.name}
        onChange={(event) => change({ ...row, name: event.currentTarget.value })}
      />
      <Select
        aria-label={t('scenarioKind')}
        data={[
          { value: 'query', label: t('byQuery') },
          { value: 'slice', label: t('bySlice') },
        ]}
        value={row.kind}
        allowDeselect={false}
        onChange={(kind) => change({ ...row, kind: kind as DraftScenario['kind'], value: '' })}
      />
      {row.kind === 'query' ? (
        <TextInput
          aria-label={t('query')}
          placeholder={'timeofday = "night"'}
          value={row.value}
          onChange={(event) => change({ ...row, value: event.currentTarget.value })}
        />
      ) : (
        <Select
          aria-label={t('bySlice')}
          data={slices.map((one) => ({ value: one.name, label: one.name }))}
          value={row.value || null}
          onChange={(value) => change({ ...row, value: value ?? '' })}
          searchable
        />
      )}
      <ActionIcon aria-label={t('removeScenario')} onClick={remove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}
