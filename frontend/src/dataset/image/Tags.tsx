import { Autocomplete } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get, post } from '../../api/client'
import type { ImageDetail } from '../../api/types'
import { TagMarks } from '../../ui/TagMarks'
import { toastProblem } from '../../ui/toast'
import { useMay } from '../useMay'
import classes from './ImagePage.module.css'

/** The tags of the image; who may hangs on another or takes one off. */
export function Tags({ image }: { image: ImageDetail }) {
  const { t } = useTranslation('dataset/image')
  const may = useMay(image.dataset, 'manager')
  const queries = useQueryClient()
  const known = useQuery({
    queryKey: ['datasets', image.dataset, 'tags'],
    queryFn: ({ signal }) => get(`datasets/${image.dataset}/tags`, {}, signal),
  }).data
  const [name, setName] = useState('')
  const change = useMutation({
    mutationFn: (body: { name: string; remove: boolean }) =>
      post(`datasets/${image.dataset}/bulk/tag`, { chosen: { ids: [image.id] }, ...body }),
    onSuccess: () => {
      setName('')
      void queries.invalidateQueries({ queryKey: ['images'] })
      void queries.invalidateQueries({ queryKey: ['datasets', image.dataset, 'tags'] })
    },
    onError: toastProblem,
  })
  const off = {
    label: (of: string) => t('tag.off', { name: of }),
    take: (of: string) => change.mutate({ name: of, remove: true }),
  }
  const others = known?.filter((one) => !image.tags.some((has) => has.id === one.id)) ?? []
  if (!may && image.tags.length === 0) return null
  return (
    <section className={classes.part} aria-label={t('tags')}>
      <h2>{t('tags')}</h2>
      <TagMarks tags={image.tags} off={may ? off : undefined} />
      {may && (
        <form
          className={classes.hang}
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim()) change.mutate({ name: name.trim(), remove: false })
          }}
        >
          <Autocomplete
            size="xs"
            aria-label={t('tag.add')}
            placeholder={t('tag.add')}
            data={others.map((one) => one.name)}
            value={name}
            onChange={setName}
            maxLength={60}
          />
        </form>
      )}
    </section>
  )
}
