import { NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Checkpoint, FormRequest } from '../api/types'
import { useSlices } from '../dataset/queries'
import { FormDialog } from '../ui/FormDialog'
import { count } from '../ui/format'
import { checkpointName, formName } from './formNames'
import { useExport } from './queries'

type Props = { dataset: number; checkpoints: Checkpoint[]; close: () => void }

const USUAL_SIZE = 640
const ALLOWED_POINTS = 0.1
const FORMS = [
  { form: 'openvino', precision: 'f32' },
  { form: 'onnx', precision: 'f32' },
  { form: 'torchscript', precision: 'f32' },
  { form: 'openvino', precision: 'bf16' },
  { form: 'tensorrt', precision: 'f32' },
] as const

/** Which checkpoint becomes what, and on what it is checked. */
export function ExportDialog({ dataset, checkpoints, close }: Props) {
  const { t } = useTranslation('model')
  const [id, setId] = useState(checkpoints.find(({ kind }) => kind === 'best')?.id ?? checkpoints[0]!.id)
  const [at, setAt] = useState(0)
  const [size, setSize] = useState<number | null>(null)
  const [slice, setSlice] = useState<number | null>(null)
  const [points, setPoints] = useState(ALLOWED_POINTS)
  const slices = useSlices(dataset).data ?? []
  const ask = useExport()
  const checkpoint = checkpoints.find((one) => one.id === id)!
  const needsSlice = checkpoint.project === null
  const chosen = FORMS[at]!
  const imgsz = size ?? (checkpoint.imgsz || USUAL_SIZE)
  const asked: FormRequest = { ...chosen, imgsz, slice, allowed_drop: points / 100 }
  return (
    <FormDialog
      title={t('forms.exportTitle')}
      verb={t('forms.exportVerb', { name: formName(chosen) })}
      ready={!needsSlice || slice !== null}
      pending={ask.isPending}
      problem={ask.error}
      send={() => ask.mutate({ checkpoint: id, asked }, { onSuccess: close })}
      close={close}
    >
      {checkpoints.length > 1 && (
        <Select
          label={t('forms.checkpoint')}
          allowDeselect={false}
          data={checkpoints.map((one) => ({ value: String(one.id), label: checkpointName(one, t) }))}
          value={String(id)}
          onChange={(value) => setId(Number(value))}
        />
      )}
      <Select
        data-autofocus
        label={t('forms.form')}
        description={t(`forms.formWhat.${chosen.form}_${chosen.precision}` as 'forms.formWhat.onnx_f32')}
        allowDeselect={false}
        data={FORMS.map((one, place) => ({ value: String(place), label: formName(one) }))}
        value={String(at)}
        onChange={(value) => setAt(Number(value))}
      />
      <NumberInput
        label={t('forms.imgsz')}
        description={t('forms.imgszWhat')}
        min={32}
        max={2048}
        step={32}
        allowDecimal={false}
        value={imgsz}
        onChange={(value) => setSize(value === '' ? null : Number(value))}
      />
      <Select
        label={t('forms.slice')}
        description={t(needsSlice ? 'forms.sliceNeeded' : 'forms.sliceWhat')}
        placeholder={checkpoint.run ? t('forms.ownSlice') : t('forms.noSlice')}
        searchable
        clearable
        data={slices.map((one) => ({
          value: String(one.id),
          label: `${one.name} · ${count(one.image_count)}`,
        }))}
        value={slice === null ? null : String(slice)}
        onChange={(value) => setSlice(value === null ? null : Number(value))}
      />
      <NumberInput
        label={t('forms.allowed')}
        description={t('forms.allowedWhat')}
        min={0}
        max={100}
        step={0.1}
        decimalScale={2}
        value={points}
        onChange={(value) => setPoints(value === '' ? ALLOWED_POINTS : Number(value))}
      />
    </FormDialog>
  )
}
