import { compile } from 'html-to-text';

/** Characters of one field that are read at all; more is cut before parsing. */
const MAX_INPUT = 200_000;
export const HEADLINE_LENGTH = 500;
export const BODY_LENGTH = 20_000;

/**
 * Controls, and marks that hide or reorder text (zero width, bidirectional overrides, byte order,
 * tags).
 */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

const visible = (text: string): string => text.replace(/[\t\n\r]/g, ' ').replace(INVISIBLE, '');

const toPlainText = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_INPUT, maxDepth: 50 },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    { selector: 'script', format: 'skip' },
    { selector: 'style', format: 'skip' },
    { selector: 'iframe', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
});

/**
 * News text as plain text: tags, scripts and styles gone, entities decoded, invisible characters
 * out, blanks single, at most `maxLength` characters (an ellipsis marks the cut). It stays hostile:
 * whoever shows it escapes it.
 */
export const sanitizeText = (text: string, maxLength = BODY_LENGTH): string => {
  // Hidden characters go twice: raw, before the parser takes them for blanks, and decoded from
  // entities.
  const html = visible(text.slice(0, MAX_INPUT));
  const converted = toPlainText(html);
  const plain = visible(converted).replace(/\s+/g, ' ').trim();
  const characters = [...plain];
  return characters.length <= maxLength
    ? plain
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`;
};
