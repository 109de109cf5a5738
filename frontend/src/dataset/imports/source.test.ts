import { describe, expect, it } from 'vitest'
import { type ChosenFile, sourceOf } from './source'

const file = (path: string, content = 'x', lastModified = 1): ChosenFile => ({
  path,
  file: new File([content], path.split('/').at(-1)!, { lastModified }),
})

describe('sourceOf', () => {
  it('sends one zip as it is', () => {
    const zip = file('streets.ZIP', 'PK content')
    expect(sourceOf([zip])).toMatchObject({ name: 'streets.ZIP', count: 1, size: 10 })
  })

  it('makes one archive of a folder, hidden files left out', () => {
    const source = sourceOf([
      file('set/b.jpg'),
      file('set/.DS_Store'),
      file('set/a/c.txt'),
      file('__MACOSX/x'),
    ])
    expect(source).toMatchObject({ name: 'set', count: 2 })
  })

  it('knows the same files again in any order, and others not', () => {
    const [a, b] = [file('set/a.jpg'), file('set/b.jpg')]
    const known = sourceOf([a, b])!.fingerprint
    expect(sourceOf([b, a])!.fingerprint).toBe(known)
    expect(sourceOf([a, file('set/b.jpg', 'longer')])!.fingerprint).not.toBe(known)
    expect(sourceOf([a, file('set/b.jpg', 'x', 2)])!.fingerprint).not.toBe(known)
  })

  it('is nothing where nothing was chosen', () => {
    expect(sourceOf([])).toBeNull()
    expect(sourceOf([file('.hidden')])).toBeNull()
  })
})
