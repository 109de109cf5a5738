import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from './FormDialog'
import { NameFields } from './NameFields'

type Named = { name: string; description: string }
type Props = {
  was: Named
  pending: boolean
  problem: unknown
  save: (named: Named) => void
  close: () => void
}

/** Another name and description for what is there. */
export function RenameDialog({ was, pending, problem, save, close }: Props) {
  const { t } = useTranslation('ui')
  const [name, setName] = useState(was.name)
  const [description, setDescription] = useState(was.description)
  return (
    <FormDialog
      title={t('rename')}
      verb={t('save')}
      ready={name.trim() !== ''}
      send={() => save({ name: name.trim(), description: description.trim() })}
      {...{ pending, problem, close }}
    >
      <NameFields {...{ name, setName, description, setDescription }} />
    </FormDialog>
  )
}
