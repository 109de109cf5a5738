import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAllActions } from '../ui/actions'
import { KeyCaps } from '../ui/KeyCaps'
import { grouped } from './ranking'
import classes from './ShortcutSheet.module.css'

/** `?`: every key that does something on the page that is shown. */
export function ShortcutSheet({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('frame')
  const actions = useAllActions().filter((action) => action.keys)
  return (
    <Modal opened={opened} onClose={close} title={t('shortcuts.title')} size={720}>
      <div className={classes.sheet}>
        {grouped(actions).map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members.map((action) => (
                <div key={action.id}>
                  <dt>{action.label}</dt>
                  <dd>
                    <KeyCaps keys={action.keys!} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
