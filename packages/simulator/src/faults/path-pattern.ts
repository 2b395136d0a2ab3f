const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A path as a pattern: `*` stands for any text within one part, `**` for anything. */
export const pathPattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]+' : escaped(part)))
      .join('')}$`,
  );

/** A name as a pattern: `*` stands for any text. */
export const namePattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => escaped(part))
      .join('.*')}$`,
  );
