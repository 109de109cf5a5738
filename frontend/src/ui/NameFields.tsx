import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Props = {
  name: string
  setName: (name: string) => void
  description: string
  setDescription: (description: string) => void
}

/** What every thing that one makes is asked for: a name, and a description for those who come later. */
export function NameFields({ name, setName, description, setDescription }: Props) {
  const { t } = useTranslation('ui')
  return (
    <>
      <TextInput
        label={t('name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={t('description')}
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </>
  )
}
