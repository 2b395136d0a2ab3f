export { describePosition } from './describe-position.ts';
export { drawPosition, type Look } from './draw-position.ts';
export { BY_PAGE, DARK, LIGHT, type Palette } from './palettes.ts';
export type { PositionPicture } from './position-picture.ts';
export { svgText, type SvgNode } from './svg-node.ts';
