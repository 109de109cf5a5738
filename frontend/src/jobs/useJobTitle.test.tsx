import i18next from 'i18next'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startI18n } from '../i18n/i18n'
import ko from './locales/ko.json'
import { jobTitle } from './useJobTitle'

const job = {
  title: 'Find rare classes in all images',
  title_code: 'find_rare_classes',
  title_names: { source: 'all images' },
}

describe('jobTitle', () => {
  beforeAll(() => startI18n('en'))
  afterEach(() => i18next.changeLanguage('en'))

  it('is the English one of the API on English pages', () => {
    expect(jobTitle(job)).toBe('Find rare classes in all images')
  })

  it('is said in the language of the page, its names in it as they are', async () => {
    i18next.addResourceBundle('ko', 'jobs', ko)
    await i18next.changeLanguage('ko')
    expect(jobTitle(job)).toBe('드문 클래스 찾기: 전체 이미지')
    expect(jobTitle({ ...job, title_names: { source: 'A & B <1>' } })).toBe('드문 클래스 찾기: A & B <1>')
    // Of a job from before there were codes, or of a kind that nobody has put into words yet.
    expect(jobTitle({ title: 'Train night', title_code: '', title_names: {} })).toBe('Train night')
    expect(jobTitle({ title: 'Do it', title_code: 'new', title_names: {} })).toBe('Do it')
  })
})
