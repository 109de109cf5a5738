import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import type { NewAttribute } from './attributeQueries'

/** An attribute as the box editor will show it. */
export function Preview({ of }: { of: NewAttribute }) {
  const { t } = useTranslation('dataset/classes')
  const [value, setValue] = useState<unknown>(undefined)
  const truths = [
    { value: true as unknown, text: t('attribute.yes') },
    { value: false as unknown, text: t('attribute.no') },
  ]
  const options =
    of.kind === 'checkbox'
      ? truths
      : (of.values ?? []).map((one) => ({ value: one as unknown, text: String(one) }))
  if (of.kind === 'number' || of.kind === 'text' || options.length === 0) return null
  return (
    <div>
      <p className="hd-dim">{t('attribute.preview')}</p>
      <Choices
        label={t('attribute.preview')}
        options={options}
        value={value ?? of.default}
        choose={setValue}
      />
    </div>
  )
}
