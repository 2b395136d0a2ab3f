const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;

/**
 * The first key that an object of a valid JSON text has twice, of which JSON.parse keeps the last
 * in silence, and where it stands; null where there is none.
 */
export const findRepeatedKey = (text: string): { key: string; index: number } | null => {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      if (open.at(-1)?.has(key)) return { key, index };
      open.at(-1)?.add(key);
    }
  }
  return null;
};
