/** A value measured at a moment (milliseconds). */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** Slope of the straight line of least squares through the points, in units an hour; 0 for fewer than two. */
export function slopeAnHour(points: readonly Point[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const hours = points.map(({ at }) => at / 3_600_000);
  const middle = hours.reduce((sum, hour) => sum + hour, 0) / count;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / count;
  let above = 0;
  let below = 0;
  for (const [index, { value }] of points.entries()) {
    const off = (hours[index] ?? middle) - middle;
    above += off * (value - mean);
    below += off * off;
  }
  return below === 0 ? 0 : above / below;
}
