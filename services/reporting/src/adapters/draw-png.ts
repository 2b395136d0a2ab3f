import { Resvg } from '@resvg/resvg-js';

/** An SVG without text, as PNG; no font of the machine is read. */
export const drawPng = (svg: string): Buffer =>
  new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
