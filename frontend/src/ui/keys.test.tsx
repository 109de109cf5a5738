import { describe, expect, it } from 'vitest'
import { caps, isTaken, isTyping, strokeOf } from './keys'

function press(key: string, held: Partial<KeyboardEvent> = {}) {
  return strokeOf({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
  } as KeyboardEvent)
}

describe('strokeOf', () => {
  it('names a key with what is held', () => {
    expect(press('k', { ctrlKey: true })).toBe('mod+k')
    expect(press('k', { metaKey: true })).toBe('mod+k')
    expect(press('Enter', { shiftKey: true })).toBe('shift+enter')
    expect(press(' ')).toBe('space')
  })

  it('leaves Shift to the character where that says it', () => {
    expect(press('?', { shiftKey: true })).toBe('?')
    expect(press('A', { shiftKey: true })).toBe('shift+a')
  })
})

describe('caps', () => {
  it('draws one cap per key and one group per stroke', () => {
    expect(caps('g d')).toEqual([['G'], ['D']])
    expect(caps('shift+enter')).toEqual([['Shift', '↵']])
  })
})

describe('isTyping', () => {
  it('is true in fields and false on boxes that one ticks', () => {
    const field = document.createElement('input')
    const tick = document.createElement('input')
    tick.type = 'checkbox'
    expect(isTyping(field)).toBe(true)
    expect(isTyping(tick)).toBe(false)
    expect(isTyping(document.createElement('button'))).toBe(false)
    expect(isTyping(null)).toBe(false)
  })
})

describe('isTaken', () => {
  const inside = (html: string, selector: string) => {
    document.body.innerHTML = html
    return document.querySelector(selector)
  }

  it('leaves a field its letters and its clipboard, but not the palette', () => {
    const field = inside('<input>', 'input')
    expect(isTaken('n', field)).toBe(true)
    expect(isTaken('mod+z', field)).toBe(true)
    expect(isTaken('mod+k', field)).toBe(false)
  })

  it('keeps plain keys from the page below a dialog', () => {
    const button = inside('<div role="dialog"><button></button></div>', 'button')
    expect(isTaken('n', button)).toBe(true)
    expect(isTaken('mod+k', button)).toBe(false)
    expect(isTaken('n', inside('<button></button>', 'button'))).toBe(false)
    expect(isTaken('n', window)).toBe(false)
  })
})
