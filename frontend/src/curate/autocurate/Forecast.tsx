import { NumberInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Came, Estimate, ReviewForecast } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { count, number, points, signedPoints } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import classes from './Mislabels.module.css'
import { useMinutes } from './minutes'

type Props = {
  dataset: number
  forecast: ReviewForecast
  minutes: number
  setMinutes: (minutes: number) => void
}

/** Before anybody starts: what some minutes bring and whether that can be shown; then what was promised and what came. */
export function Forecast({ dataset, forecast, minutes, setMinutes }: Props) {
  const { t } = useTranslation('curate/autocurate')
  const { mended, errors_in_all, looks, images, gain, came } = forecast
  return (
    <Section
      title={t('forecast.title')}
      note={t('forecast.note')}
      actions={
        <NumberInput
          aria-label={t('forecast.minutes')}
          suffix={` ${t('forecast.min')}`}
          w={110}
          min={1}
          max={1000}
          step={5}
          clampBehavior="strict"
          allowDecimal={false}
          value={minutes}
          onChange={(value) => value !== '' && Number(value) > 0 && setMinutes(Number(value))}
        />
      }
    >
      <p className={classes.lead}>
        {t(looks > 0 ? 'forecast.lead' : 'forecast.nothingLeft', {
          minutes: count(forecast.minutes),
          mended: whole(mended),
          errors: whole(errors_in_all),
          looks: count(looks),
          images: count(images),
        })}
      </p>
      <Facts
        of={{
          [t('forecast.gain')]: (
            <>
              {gain.value > 0
                ? `${signedPoints(gain.value)} [${signedPoints(gain.low)}, ${signedPoints(gain.high)}] `
                : '– '}
              <Costs forecast={forecast} />
            </>
          ),
          [t('forecast.shown')]: <Shown dataset={dataset} forecast={forecast} />,
          [t('forecast.seconds')]: <Seconds forecast={forecast} />,
          [t('forecast.came')]: came && <CameSoFar came={came} />,
        }}
      />
    </Section>
  )
}

/** An estimate of a count with its interval: 190 [150, 230]. */
const whole = ({ value, low, high }: Estimate) =>
  `${count(Math.round(value))} [${count(Math.round(low))}, ${count(Math.round(high))}]`

function Costs({ forecast }: { forecast: ReviewForecast }) {
  const { t } = useTranslation('curate/autocurate')
  const { evaluation } = forecast.costs
  return (
    <span className="hd-dim">
      {evaluation === null ? (
        t('forecast.costsOfScenes')
      ) : (
        <>
          {t('forecast.costsBy')}{' '}
          <PathLink href={`/evaluations/${evaluation}`}>{t('forecast.itsBudget')}</PathLink>
        </>
      )}
    </span>
  )
}

function Shown({ dataset, forecast: { shown } }: { dataset: number; forecast: ReviewForecast }): ReactNode {
  const { t } = useTranslation('curate/autocurate')
  if (!shown)
    return (
      <>
        {t('forecast.notShown')}{' '}
        <PathLink href={`/curate/${dataset}/evaluations`}>{t('forecast.evaluate')}</PathLink>
      </>
    )
  return (
    <>
      {t('forecast.shownWhat', { points: points(shown.smallest), images: count(shown.images) })}{' '}
      <span className="hd-dim">
        {t('forecast.more', { images: count(shown.more.images), points: points(shown.more.smallest) })}{' '}
        <PathLink href={`/evaluations/${shown.evaluation}`}>{shown.slice ?? shown.name}</PathLink>
      </span>
    </>
  )
}

function Seconds({ forecast: { seconds } }: { forecast: ReviewForecast }) {
  const { t } = useTranslation('curate/autocurate')
  const { decide, redraw, open_image, measured_in, tasks } = seconds
  return (
    <>
      {t('forecast.secondsWhat', {
        decide: number(decide, 2),
        redraw: number(redraw, 2),
        open: number(open_image, 2),
      })}{' '}
      <span className="hd-dim">{t(`forecast.measuredIn.${measured_in}`, { tasks: count(tasks) })}</span>
    </>
  )
}

function CameSoFar({ came }: { came: Came }) {
  const { t } = useTranslation('curate/autocurate')
  const minutes = useMinutes()
  return (
    <>
      {t('forecast.cameWhat', {
        mended: count(came.mended),
        looks: count(came.looks),
        minutes: minutes(came.minutes),
      })}
      {came.promised && ` ${t('forecast.promised', { promised: whole(came.promised) })}`}
    </>
  )
}
