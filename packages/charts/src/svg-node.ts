/** An element of a picture, before it is text or a page's elements: nothing in it is ever parsed. */
export interface SvgNode {
  tag: string;
  attributes: Readonly<Record<string, string | number>>;
  children: readonly (SvgNode | string)[];
}

export const element = (
  tag: string,
  attributes: SvgNode['attributes'] = {},
  ...children: (SvgNode | string)[]
): SvgNode => ({ tag, attributes, children });

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escaped = (text: string): string => text.replace(/[&<>"]/g, (mark) => ESCAPES[mark]!);
const shown = (value: string | number): string =>
  typeof value === 'number' ? String(Number(value.toFixed(2))) : escaped(value);

export const svgText = ({ tag, attributes, children }: SvgNode): string => {
  const named = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${shown(value)}"`)
    .join('');
  const inside = children
    .map((child) => (typeof child === 'string' ? escaped(child) : svgText(child)))
    .join('');
  return inside === '' ? `<${tag}${named}/>` : `<${tag}${named}>${inside}</${tag}>`;
};
