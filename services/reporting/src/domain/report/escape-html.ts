import { outsideText } from './wording.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from anywhere, safe inside an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  outsideText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
