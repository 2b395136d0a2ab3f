import type { SvgNode } from '@catalyst/charts';

type Child = Node | string | null;

/** An element with text and elements in it; text is never read as markup. */
export const make = (
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElement => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
};

/** A picture as elements of the page. */
export const toSvg = ({ tag, attributes, children }: SvgNode): SVGElement => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes))
    if (name !== 'xmlns') made.setAttribute(name, String(value));
  made.append(...children.map((child) => (typeof child === 'string' ? child : toSvg(child))));
  return made;
};
