import { Menu } from '@mantine/core'
import type { Evaluation } from '../../api/types'
import { Figure } from '../../ui/Figure'

type Props = {
  evaluations: readonly Evaluation[] | undefined
  name: (one: Evaluation) => string
  choose: (one: Evaluation) => void
}

/** Evaluations to choose one of, each with its figure. */
export function EvaluationChoices({ evaluations, name, choose }: Props) {
  return (
    <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
      {evaluations?.map((one) => (
        <Menu.Item
          key={one.id}
          onClick={() => choose(one)}
          rightSection={<Figure value={one.figures?.AP} interval={one.interval} />}
        >
          {name(one)}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  )
}
