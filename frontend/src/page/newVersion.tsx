import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { isReplaced } from '../api/build'

const ID = 'new-version'

/**
 * Says that a newer build is there when a part of a page could not be fetched. Nothing is loaded anew by itself: something
 * may have been typed.
 */
export function tellOfNewVersion(): void {
  isReplaced().then(
    (replaced) => replaced && tell(),
    () => undefined, // the server does not answer, which the frame says
  )
}

function tell(): void {
  const t = i18next.getFixedT(null, 'ui')
  notifications.show({
    id: ID,
    title: t('problem.newVersion'),
    message: (
      <>
        {t('problem.newVersionWhat')}
        <br />
        <Button mt={8} onClick={() => window.location.reload()}>
          {t('reload')}
        </Button>
      </>
    ),
    autoClose: false,
    withBorder: true,
    role: 'alert',
  })
}
