import type { GicsSector } from '@catalyst/domain';

/**
 * Wordings of one kind of story. `{name}` and the like are filled with the company's and the
 * story's own values.
 */
export interface StoryKind {
  kind: string;
  /** Sectors in which the story makes sense; null for all. */
  sectors: readonly GicsSector[] | null;
  headlines: readonly string[];
  summaries: readonly string[];
  bodies: readonly string[];
}

/** Fills a wording; a placeholder without a value is an error, so that none is ever printed. */
export const fillStory = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined)
      throw new RangeError(`no value for {${key}} in ${JSON.stringify(template)}`);
    return value;
  });
