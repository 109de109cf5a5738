/** Shortcuts as text: `mod+k`, `shift+enter`, `?`, and two strokes in a row: `g d`. */

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
const SYMBOLS: Record<string, string> = {
  mod: MAC ? '⌘' : 'Ctrl',
  shift: MAC ? '⇧' : 'Shift',
  alt: MAC ? '⌥' : 'Alt',
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  ' ': 'Space',
  space: 'Space',
  delete: 'Del',
  backspace: '⌫',
  tab: 'Tab',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
}

type Stroke = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & { code?: string }

/** The stroke in our notation; Shift is named only where the character does not say it already. */
export function strokeOf(event: Stroke): string {
  const key = latin(event)
  const named = key.length > 1 || key === ' '
  const letter = /^\p{L}$/u.test(key)
  const parts = []
  if (event.ctrlKey || event.metaKey) parts.push('mod')
  if (event.altKey) parts.push('alt')
  if (event.shiftKey && (named || letter)) parts.push('shift')
  return [...parts, key === ' ' ? 'space' : key].join('+')
}

/** Where the layout types no Latin letters (Hangul, Cyrillic) the place of the key counts: nobody must switch for a shortcut. */
function latin({ key, code }: Stroke): string {
  const foreign = key === 'Process' || (/^\p{L}$/u.test(key) && !/[a-z]/i.test(key))
  return (foreign && /^Key([A-Z])$/.exec(code ?? '')?.[1]?.toLowerCase()) || key.toLowerCase()
}

/** Whether a key press belongs to the field that has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  if (!element || !('closest' in element)) return false
  return (
    element.closest(
      'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]',
    ) !== null
  )
}

/** What a text field does with keys by itself: select all, copy, cut, paste, undo, redo. */
const OF_FIELDS = /^mod\+(shift\+)?[acvxyz]$/

/**
 * Whether a stroke is for what has the focus and not for the page: typing in a field, any plain key in a dialog or a
 * menu that stands over the page.
 */
export function isTaken(stroke: string, target: EventTarget | null): boolean {
  if (isTyping(target)) return !stroke.startsWith('mod+') || OF_FIELDS.test(stroke)
  const element = target as HTMLElement | null
  const over =
    element &&
    'closest' in element &&
    element.closest('[role=dialog], [role=menu], [role=listbox]:not([data-page-keys])')
  return !!over && !stroke.startsWith('mod+')
}

/** The key caps of a shortcut: `mod+k` → [['Ctrl', 'K']], `g d` → [['G'], ['D']]. */
export function caps(shortcut: string): string[][] {
  return shortcut
    .split(' ')
    .map((stroke) =>
      (stroke === '+' ? ['+'] : stroke.split('+')).map(
        (part) => SYMBOLS[part] ?? (part.length === 1 ? part.toUpperCase() : part),
      ),
    )
}
