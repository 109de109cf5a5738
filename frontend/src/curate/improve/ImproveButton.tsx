import { Button } from '@mantine/core'
import { IconTrendingUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { PathLink } from '../../ui/PathLink'

/** On a dataset's page: the way to what would make its detector better next. */
export function ImproveButton({ dataset }: { dataset: number }) {
  const { t } = useTranslation('curate/improve')
  return (
    <Button
      component={PathLink}
      href={`/datasets/${dataset}/improve`}
      variant="filled"
      size="compact-sm"
      ml={12}
      flex="none"
      leftSection={<IconTrendingUp size={14} aria-hidden />}
    >
      {t('title')}
    </Button>
  )
}
