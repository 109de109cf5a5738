import { describe, expect, it } from 'vitest'
import { documentOf, draftOf, EVERY, scenarioNames } from './rules'

const document = {
  rules: [
    { figure: 'mAP' as const, drop: 0.5 },
    { figure: 'mAP' as const, drop: 2, classes: 'every' as const },
    { figure: 'AP75' as const, drop: 1, class: 'rider', scenario: 'night' },
  ],
  scenarios: { night: { query: 'timeofday = "night"' }, listed: { images: ['a.jpg'] } },
}

describe('the form of a gate', () => {
  it('gives back what it was given', () => {
    const { rules, scenarios } = draftOf(document)
    expect(documentOf(rules, scenarios, document)).toEqual(document)
  })

  it('shows each kind of rule', () => {
    expect(draftOf(document).rules.map(({ of }) => of)).toEqual(['', EVERY, 'rider'])
  })

  it('offers scenarios that it cannot show, too', () => {
    expect(scenarioNames(draftOf(document).scenarios, document)).toEqual(['night', 'listed'])
  })
})
