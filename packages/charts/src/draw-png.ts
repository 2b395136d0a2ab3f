import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const FONT = join(import.meta.dirname, '../fonts/inter-latin-400.ttf');

/** An SVG as PNG, `scale` pixels for each of its own; its text is in the one font that is shipped. */
export const drawPng = (svg: string, scale = 2): Buffer =>
  new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: [FONT], defaultFontFamily: 'Inter' },
  })
    .render()
    .asPng();
