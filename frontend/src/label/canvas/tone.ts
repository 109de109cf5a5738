/** Brightness, contrast and gamma of the picture as it is looked at; the labels know nothing of them. */

import type { Look } from './editor'

export const TONES = ['brightness', 'contrast', 'gamma'] as const
export type Tones = Pick<Look, (typeof TONES)[number]>

export const isToned = (look: Tones): boolean => TONES.some((tone) => look[tone] !== 1)

/** The id of the SVG filter that the stage brings for gamma; CSS has none of its own. */
export const GAMMA_FILTER = 'picture-gamma'

/** The CSS filter for the picture; `none` where it is shown as it is. */
export function toneFilter(look: Tones & Pick<Look, 'plain'>): string {
  if (look.plain || !isToned(look)) return 'none'
  const { brightness, contrast, gamma } = look
  const parts = [
    gamma === 1 ? '' : `url(#${GAMMA_FILTER})`,
    brightness === 1 ? '' : `brightness(${brightness})`,
    contrast === 1 ? '' : `contrast(${contrast})`,
  ]
  return parts.filter(Boolean).join(' ')
}

/** The exponent for grey values of 0..1: a gamma above 1 lightens the dark parts. */
export const gammaExponent = ({ gamma }: Pick<Look, 'gamma'>): number => 1 / gamma
