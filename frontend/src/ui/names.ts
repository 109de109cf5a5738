/**
 * The order in which people read names: image2 before image10, A beside a, Korean in the order of its dictionary. The same
 * rule as the server's (platform/science/natural_order.py says it in words), so that a table sorts as a list comes;
 * src/test/naturalOrder.json holds both to it. Intl.Collator would do it by another rule than a Postgres without ICU can.
 */

const DIGITS = 20
const LONGEST = 600

/** What to compare in place of a name, by code point. */
export function nameKey(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
  const small = Array.from(plain, (letter) => Array.from(letter.toLowerCase())[0]).join('')
  const padded = small.replace(/[0-9]+/g, (digits) => digits.slice(-DIGITS).padStart(DIGITS, '0'))
  return Array.from(padded).slice(0, LONGEST).join('')
}

/** For `sort`: negative where the first comes first. */
export function compareNames(a: string, b: string): number {
  return compareCodePoints(nameKey(a), nameKey(b))
}

/** UTF-16 puts what is beyond the first plane before U+E000; code points do not. */
function compareCodePoints(a: string, b: string): number {
  const [first, second] = [Array.from(a), Array.from(b)]
  for (let at = 0; at < Math.min(first.length, second.length); at += 1) {
    const difference = first[at]!.codePointAt(0)! - second[at]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return first.length - second.length
}
