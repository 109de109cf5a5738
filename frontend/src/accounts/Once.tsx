import { Button, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './SettingsPage.module.css'

type Props = { secret: string; why: string; use?: string; done: () => void; doneVerb: string }

/** A secret that the server tells only once. */
export function Once({ secret, why, use, done, doneVerb }: Props) {
  const { t } = useTranslation('ui')
  return (
    <div className={classes.once} role="status">
      <p>{why}</p>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'copied' : 'copy')}</Button>}
        </CopyButton>
      </div>
      {use && <p className="hd-dim">{use}</p>}
      <Button mt={8} size="compact-xs" onClick={done}>
        {doneVerb}
      </Button>
    </div>
  )
}
