import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../api/types'
import classes from './EndpointState.module.css'

/** Whether it answers, in a word with a sign. */
export function EndpointState({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  return (
    <span className={classes.state} data-state={endpoint.state}>
      {t(`states.${endpoint.state}`)}
      {endpoint.coming && endpoint.current && (
        <span className="hd-dim">{t('comingShort', { version: endpoint.coming.version })}</span>
      )}
    </span>
  )
}
