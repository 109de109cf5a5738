import { Button, Slider } from '@mantine/core'
import { type DragEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint, EndpointAnswer } from '../../api/types'
import { BoxedImage } from '../../ui/BoxedImage'
import { classColour } from '../../ui/colours'
import { number } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { toast } from '../../ui/toast'
import { curlOf } from './curl'
import classes from './EndpointPage.module.css'
import { useAsk } from './queries'

type Found = EndpointAnswer['images'][number]['annotations'][number]

/** Drop a picture and see its boxes; the slider chooses among all that were found. */
export function TryPicture({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const ask = useAsk(endpoint.id)
  const [picture, setPicture] = useState<File | null>(null)
  const [floor, setFloor] = useState(endpoint.conf)
  const take = (file: File | undefined) => {
    if (!file) return
    setPicture(file)
    ask.mutate(file)
  }
  const image = ask.data?.images[0]
  const found = image?.annotations.filter(({ score }) => score >= floor) ?? []
  return (
    <Section title={t('try')} note={t('tryWhat')}>
      <div className={classes.try}>
        <div>
          {picture && image ? (
            <Shown picture={picture} image={image} found={found} />
          ) : (
            <DropPlace pending={ask.isPending} take={take} />
          )}
          {ask.error && <ProblemNote error={ask.error} />}
          {image && (
            <Button mt={10} onClick={() => ask.reset()}>
              {t('anotherPicture')}
            </Button>
          )}
        </div>
        <div className={classes.side}>
          {ask.data && image && (
            <>
              <span className="hd-dim">
                {t('foundIn', { count: found.length, ms: number(ask.data.milliseconds, 1) })}
              </span>
              <div>
                <span id="confidence">{t('confidence', { value: floor.toFixed(2) })}</span>
                <Slider
                  aria-labelledby="confidence"
                  thumbLabel={t('confidence', { value: floor.toFixed(2) })}
                  min={0.03}
                  max={1}
                  step={0.01}
                  label={null}
                  value={floor}
                  onChange={setFloor}
                />
              </div>
              <FoundList found={found} />
            </>
          )}
          <Code endpoint={endpoint} answer={ask.data} floor={floor} found={found} />
        </div>
      </div>
    </Section>
  )
}

function Shown({
  picture,
  image,
  found,
}: {
  picture: File
  image: EndpointAnswer['images'][number]
  found: Found[]
}) {
  const { t } = useTranslation('model/endpoints')
  const [src, setSrc] = useState('')
  useEffect(() => {
    const address = URL.createObjectURL(picture)
    setSrc(address)
    return () => URL.revokeObjectURL(address)
  }, [picture])
  return (
    <BoxedImage
      src={src}
      width={image.width}
      height={image.height}
      alt={t('pictureWith', { count: found.length })}
      lazy={false}
      lettering={2.4}
      boxes={found.map(({ class: name, class_index, box, score }, place) => ({
        key: place,
        box: box as [number, number, number, number],
        colour: classColour(class_index),
        line: 'dashed' as const,
        label: `${name} ${score.toFixed(2)}`,
      }))}
    />
  )
}

function DropPlace({ pending, take }: { pending: boolean; take: (file: File | undefined) => void }) {
  const { t } = useTranslation('model/endpoints')
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <label
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {t(pending ? 'asking' : 'dropHere')}
      <input
        type="file"
        accept="image/*"
        className="hd-hidden"
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

function FoundList({ found }: { found: Found[] }) {
  return (
    <ul className={classes.found}>
      {found.slice(0, 12).map(({ class: name, class_index, score, box }) => (
        <li key={`${name} ${box.join()}`} style={{ '--colour': classColour(class_index) } as object}>
          <span>{name}</span>
          <span className="hd-num">{score.toFixed(2)}</span>
        </li>
      ))}
    </ul>
  )
}

type CodeProps = { endpoint: Endpoint; answer: EndpointAnswer | undefined; floor: number; found: Found[] }

/** The answer as JSON, and how a script asks. */
function Code({ endpoint, answer, floor, found }: CodeProps) {
  const { t } = useTranslation('model/endpoints')
  const [shown, setShown] = useState<'curl' | 'json'>('curl')
  const image = answer?.images[0]
  const json = answer && image && { ...answer, conf: floor, images: [{ ...image, annotations: found }] }
  const text =
    shown === 'json' && json
      ? JSON.stringify(json, null, 1)
      : curlOf(window.location.origin, endpoint.name, floor)
  const copy = () => void navigator.clipboard.writeText(text).then(() => toast(t('copied')))
  return (
    <div>
      <Button.Group mb={6}>
        <Button variant={shown === 'curl' ? 'light' : 'default'} onClick={() => setShown('curl')}>
          curl
        </Button>
        <OffButton
          variant={shown === 'json' ? 'light' : 'default'}
          off={!json && t('ui:off.picture')}
          onClick={() => setShown('json')}
        >
          JSON
        </OffButton>
        <Button onClick={copy}>{t('copy')}</Button>
      </Button.Group>
      <pre className={classes.code}>{text}</pre>
    </div>
  )
}
