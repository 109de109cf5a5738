import i18next from 'i18next'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../api/types'
import { startI18n } from '../i18n/i18n'
import ko from './locales/ko.json'
import { messageIn } from './useJobMessage'

const job: Pick<Job, 'message' | 'message_parts'> = {
  message: 'Fold 1 of 2: Epoch 3 of 5',
  message_parts: [
    { code: 'fold', names: { fold: '1', folds: '2' }, text: 'Fold 1 of 2' },
    { code: 'epoch', names: { epoch: '3', epochs: '5' }, text: 'Epoch 3 of 5' },
  ],
}

const said = (one: typeof job) => messageIn(i18next.getFixedT(null, 'jobs'), i18next.language, one)

describe('messageIn', () => {
  beforeAll(() => startI18n('en'))
  afterEach(() => i18next.changeLanguage('en'))

  it('is the English one of the API on English pages', () => {
    expect(said(job)).toBe('Fold 1 of 2: Epoch 3 of 5')
  })

  it('is said in the language of the page, part by part', async () => {
    i18next.addResourceBundle('ko', 'jobs', ko)
    await i18next.changeLanguage('ko')
    expect(said(job)).toBe('폴드 1 / 2: 에포크 3 / 5')
    // A part that nobody has put into words yet, and a job from before there were codes.
    const parts = [job.message_parts[0]!, { code: 'new', names: { name: '' }, text: 'Do it' }]
    expect(said({ message: '', message_parts: parts })).toBe('폴드 1 / 2: Do it')
    expect(said({ message: 'Epoch 3', message_parts: [] })).toBe('Epoch 3')
  })
})
