/** What a reviewer may answer about an object, and where the questions are. */

import type { Compared, SeenObject } from '../../api/types'
import type { Answers } from './queries'

/** By an object's place in the comparison: the class chosen, null for no object. */
export type Chosen = Readonly<Record<number, number | null>>
export type Option = { readonly key: string; readonly classId: number | null }

/** The classes that people gave, the vote's first, by keys from 1; no object at all by 0. */
export function optionsOf(seen: SeenObject): Option[] {
  const classes = [...new Set([seen.class_id, ...seen.boxes.map((box) => box.class_id)])]
  const given = classes.map((classId, at) => ({ key: String(at + 1), classId }))
  return [...given, { key: '0', classId: null }]
}

export const questionsOf = (seen: readonly SeenObject[]): number[] =>
  seen.flatMap((one, place) => (one.question ? [place] : []))

export const leftOf = (seen: readonly SeenObject[], chosen: Chosen): number[] =>
  questionsOf(seen).filter((place) => !(place in chosen))

/** The next question after a place, round and round: one that is still open, else any. */
export function stepTo(seen: readonly SeenObject[], chosen: Chosen, from: number, by: 1 | -1): number {
  const open = leftOf(seen, chosen).filter((place) => place !== from)
  const among = open.length > 0 ? open : questionsOf(seen)
  const ahead = by > 0 ? among.filter((place) => place > from) : among.filter((place) => place < from)
  const found = by > 0 ? (ahead[0] ?? among[0]) : (ahead.at(-1) ?? among.at(-1))
  return found ?? from
}

export const answersOf = (chosen: Chosen): Answers =>
  Object.entries(chosen).map(([place, class_id]) => ({ object: Number(place), class_id }))

/** The box that a person drew of an object, if any. */
export const boxBy = (seen: SeenObject, person: number): SeenObject['boxes'][number] | undefined =>
  seen.boxes.find((box) => box.person === person)

export const firstQuestion = ({ seen }: Compared): number => questionsOf(seen)[0] ?? 0
