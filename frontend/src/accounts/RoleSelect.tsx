import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Role } from '../api/types'
import { ROLES } from './roles'

type Props = { label: string; value: Role; onChange: (role: Role) => void }

/** A role; the list says of each what it may. */
export function RoleSelect({ label, value, onChange }: Props) {
  const { t } = useTranslation('accounts')
  return (
    <Select
      aria-label={label}
      data={[...ROLES].reverse().map((role) => ({ value: role, label: t(`role.${role}`) }))}
      renderOption={({ option }) => (
        <span>
          {option.label} <span className="hd-dim">{t(`roleWhat.${option.value as Role}`)}</span>
        </span>
      )}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      value={value}
      onChange={(role) => onChange(role as Role)}
    />
  )
}
