/**
 * Digits and signs as strokes on a grid 10 wide and 14 high (y down), for the few labels of a
 * chart: a picture drawn with them looks the same on every machine, whatever fonts it has.
 */
const GLYPHS: Record<string, { width: number; path: string }> = {
  0: { width: 8, path: 'M4 0C1.2 0 0 3 0 7s1.2 7 4 7 4-3 4-7-1.2-7-4-7Z' },
  1: { width: 8, path: 'M1 3 4.5 0V14M1.5 14H7.5' },
  2: { width: 8, path: 'M0.3 3.5C0.6 1.2 2 0 4 0 6.3 0 7.7 1.5 7.7 3.7 7.7 6.5 4 9 0.3 14H8' },
  3: {
    width: 8,
    path: 'M0.5 2.2C1.2 0.8 2.4 0 4 0 6.2 0 7.6 1.3 7.6 3.3 7.6 5.4 6 6.6 3.2 6.6 6.4 6.6 8 8 8 10.2 8 12.6 6.4 14 4 14 2.1 14 0.8 13.1 0 11.5',
  },
  4: { width: 8, path: 'M6 14V0L0 9.6H8' },
  5: {
    width: 8,
    path: 'M7.3 0H1.4L0.8 6.2C1.7 5.5 2.8 5.1 4 5.1 6.4 5.1 8 6.9 8 9.5 8 12.2 6.3 14 3.9 14 2.1 14 0.8 13.2 0 11.8',
  },
  6: {
    width: 8,
    path: 'M7 1.2C6.3 0.4 5.4 0 4.4 0 1.6 0 0 3 0 8 0 11.8 1.5 14 4 14 6.4 14 8 12.2 8 9.6 8 7 6.4 5.3 4.2 5.3 2.2 5.3 0.6 6.6 0 8.6',
  },
  7: { width: 8, path: 'M0 0H8L3 14' },
  8: {
    width: 8,
    path: 'M4 6.5C1.9 6.5 0.6 5.2 0.6 3.3 0.6 1.3 2 0 4 0S7.4 1.3 7.4 3.3C7.4 5.2 6.1 6.5 4 6.5 1.6 6.5 0 8 0 10.3 0 12.6 1.6 14 4 14S8 12.6 8 10.3C8 8 6.4 6.5 4 6.5Z',
  },
  9: {
    width: 8,
    path: 'M1 12.8C1.7 13.6 2.6 14 3.6 14 6.4 14 8 11 8 6 8 2.2 6.5 0 4 0 1.6 0 0 1.8 0 4.4 0 7 1.6 8.7 3.8 8.7 5.8 8.7 7.4 7.4 8 5.4',
  },
  $: {
    width: 8,
    path: 'M7.6 3C7.2 1.7 5.9 1 4 1 1.9 1 0.5 2 0.5 3.8 0.5 7.8 7.7 5.8 7.7 10 7.7 11.9 6.2 13 4 13 1.9 13 0.5 12.2 0.2 10.7M4-1V15',
  },
  ',': { width: 2, path: 'M1.4 12.6V13.6L0.4 16' },
  '.': { width: 2, path: 'M1 13.4V13.6' },
  ':': { width: 2, path: 'M1 4.4V4.6M1 11.4V11.6' },
  '-': { width: 6, path: 'M0.5 7.5H5.5' },
  '+': { width: 8, path: 'M0.5 7.5H7.5M4 4V11' },
  ' ': { width: 4, path: '' },
};
const GAP = 3;

const glyph = (character: string): { width: number; path: string } => {
  const found = GLYPHS[character];
  if (!found)
    throw new RangeError(
      `no stroke for ${JSON.stringify(character)}: only ${Object.keys(GLYPHS).join('')}`,
    );
  return found;
};
const widthOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + glyph(character).width + GAP, -GAP);

interface Placed {
  x: number;
  /** The line through the middle of the digits. */
  y: number;
  height: number;
  anchor: 'start' | 'middle' | 'end';
  color: string;
}

/** The text as an SVG group. */
export const strokeText = (text: string, { x, y, height, anchor, color }: Placed): string => {
  const scale = height / 14;
  const shift = anchor === 'start' ? 0 : anchor === 'middle' ? widthOf(text) / 2 : widthOf(text);
  let left = 0;
  const paths = [...text].map((character) => {
    const { width, path } = glyph(character);
    const placed = path === '' ? '' : `<path transform="translate(${left} 0)" d="${path}"/>`;
    left += width + GAP;
    return placed;
  });
  return `<g transform="translate(${(x - shift * scale).toFixed(2)} ${(y - height / 2).toFixed(2)}) scale(${scale.toFixed(4)})" fill="none" stroke="${color}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g>`;
};
