import { Menu, TextInput } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Crumb.module.css'

export type CrumbOption = {
  key: string | number
  label: string
  to: string
  current?: boolean
  note?: string
}

type Props = {
  label: string
  /** Front-end path the name leads to. */
  to?: string
  /** Where one can switch to from here. */
  options?: CrumbOption[]
  last?: boolean
}

/** One step of the way here; its arrows switch to a sibling. */
export function Crumb({ label, to, options, last }: Props) {
  const Name = last ? 'h1' : 'span'
  return (
    <span className={classes.crumb} data-last={last || undefined}>
      {to ? (
        <Link to={to} className={classes.name} title={label}>
          {label}
        </Link>
      ) : (
        <Name className={classes.name} title={label} aria-current={last ? 'page' : undefined}>
          {label}
        </Name>
      )}
      {options && options.length > 1 && <Switcher label={label} options={options} />}
    </span>
  )
}

const FILTER_FROM = 8

function Switcher({ label, options }: { label: string; options: CrumbOption[] }) {
  const { t } = useTranslation('ui')
  const [filter, setFilter] = useState('')
  const shown = options.filter((option) => option.label.toLowerCase().includes(filter.toLowerCase()))
  return (
    <Menu width={260} onClose={() => setFilter('')} trapFocus>
      <Menu.Target>
        <button type="button" className={classes.arrows} aria-label={t('switchFrom', { name: label })}>
          <IconSelector size={13} />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {options.length >= FILTER_FROM && (
          <TextInput
            className={classes.filter}
            value={filter}
            placeholder={t('filter')}
            aria-label={t('filter')}
            onChange={(event) => setFilter(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {shown.map((option) => (
          <Menu.Item
            key={option.key}
            component={Link}
            to={option.to}
            data-current={option.current || undefined}
            rightSection={option.note && <span className="hd-num hd-faint">{option.note}</span>}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
