/** Axes from 0 to 1 and the height that the charts of a pair share. */
export const HEIGHT = 300
/** For the names of the axes. */
export const ROOM = { top: 28, bottom: 22 }
export const unit = { min: 0, max: 1, interval: 0.2 }

export function unitAxes(axis: Record<string, unknown>, x: string, y = '') {
  return {
    xAxis: { ...axis, ...unit, type: 'value', name: x, nameLocation: 'middle', nameGap: 26 },
    yAxis: { ...axis, ...unit, type: 'value', name: y },
  }
}
