import { Button } from '@mantine/core'
import { IconBan, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import buttons from '../../ui/Choices.module.css'
import { KeyCaps } from '../../ui/KeyCaps'
import { imageChoicesQuery } from '../queries'
import classes from './Attributes.module.css'
import { type LabelledImage, REJECTED } from './imageLabels'
import { backToStage } from './places'
import panel from './SidePanel.module.css'

const kept = { open: false }

/** What the image is as a whole: metadata to choose, tags to hang on, and whether it is rejected. */
export function ImageLabels({ image, dataset }: { image: LabelledImage; dataset: number | undefined }) {
  const { t } = useTranslation('label')
  const [open, setOpen] = useState(kept.open)
  const choices = useQuery(imageChoicesQuery(dataset)).data
  const toggle = () => {
    kept.open = !open
    setOpen(!open)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    if (event.target instanceof HTMLButtonElement && event.key === 'Enter') return
    backToStage()
    event.preventDefault()
    event.stopPropagation()
  }
  const said = [
    ...(choices?.metadata ?? []).map(({ key }) => image.metadata[key]),
    ...image.tags.filter((tag) => tag !== REJECTED),
  ].filter((one) => one !== undefined)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <section
      className={panel.part}
      style={{ flex: 'none' }}
      data-own-keys
      data-image-labels
      aria-label={t('image.title')}
      onKeyDown={onKeyDown}
    >
      <header>
        <button type="button" className={classes.fold} aria-expanded={open} onClick={toggle}>
          <Chevron size={13} aria-hidden />
          <h2>{t('image.title')}</h2>
          {!open && <span>{said.map(String).join(', ')}</span>}
        </button>
        {open && <KeyCaps keys="shift+q" />}
        <Button
          size="compact-xs"
          leftSection={<IconBan size={13} />}
          aria-pressed={image.rejected}
          color={image.rejected ? 'red' : undefined}
          variant={image.rejected ? 'filled' : 'default'}
          title={`${t(image.rejected ? 'image.takeBack' : 'image.reject')} (⇧R)`}
          onClick={() => image.reject()}
        >
          {t(image.rejected ? 'image.rejected' : 'image.rejectShort')}
        </Button>
      </header>
      {open && (
        <div className={classes.lines}>
          {choices?.metadata.map(({ key, values }) => (
            <div key={key} className={classes.line}>
              <div className={classes.name}>
                <span>{key}</span>
              </div>
              <Choices<unknown>
                label={key}
                options={values.map((value) => ({ value, text: String(value) }))}
                value={image.metadata[key]}
                choose={(value) => image.change({ metadata: { [key]: (value ?? null) as string | null } })}
              />
            </div>
          ))}
          <Tags image={image} all={choices?.tags ?? []} />
          {choices?.metadata.length === 0 && choices.tags.length === 0 && (
            <p className="hd-dim">{t('image.nothing')}</p>
          )}
        </div>
      )}
    </section>
  )
}

function Tags({ image, all }: { image: LabelledImage; all: readonly string[] }) {
  const { t } = useTranslation('label')
  const toggle = (tag: string | undefined) => {
    if (tag) image.change(image.tags.includes(tag) ? { remove_tags: [tag] } : { add_tags: [tag] })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey) return
    toggle(all[Number(event.key) - 1])
    event.preventDefault()
    event.stopPropagation()
  }
  if (all.length === 0) return null
  return (
    <div className={classes.line}>
      <div className={classes.name}>
        <span>{t('image.tags')}</span>
      </div>
      <div role="toolbar" aria-label={t('image.tags')} className={buttons.choices} onKeyDown={onKeyDown}>
        {all.map((tag, place) => (
          <button
            key={tag}
            type="button"
            data-control
            aria-pressed={image.tags.includes(tag)}
            onClick={() => toggle(tag)}
          >
            {place < 9 && <kbd aria-hidden>{place + 1}</kbd>}
            {tag}
          </button>
        ))}
      </div>
    </div>
  )
}
