/**
 * The form of a word beside a number, for texts with several numbers: `{{n}} {{n, form(one: image; other: images)}}`.
 * Numbers come as they are shown. A text with one number has the keys `_one` and `_other` where it counts with `count`.
 */
export function formOf(
  shown: unknown,
  _language: string | undefined,
  forms: { one?: string; other?: string },
) {
  return (String(shown) === '1' ? forms.one : forms.other) ?? ''
}
