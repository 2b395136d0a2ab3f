import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AlpacaAnswer, AlpacaClient } from './alpaca-client.ts';
import { RecordingError } from './recording-error.ts';

/** Writes beside the place and renames, so that a file is there in full or not at all. */
export const writeAnswer = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
};

/**
 * What an earlier attempt has kept; undefined where there is nothing, or nothing that can be read.
 */
export const readAnswer = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
      return undefined;
    throw error;
  }
};

/** The body of an answer that must be there. */
export const expectFound = (
  { status, text, body }: AlpacaAnswer,
  url: string,
): { text: string; body: unknown } => {
  if (status !== 200)
    throw new RecordingError(
      'refused',
      `${new URL(url).origin}${new URL(url).pathname} answers ${status}: ${text.slice(0, 200)}`,
    );
  return { text, body };
};

const tokenOf = (page: unknown): string | null => {
  const token =
    typeof page === 'object' && page !== null && 'next_page_token' in page
      ? page.next_page_token
      : null;
  return typeof token === 'string' && token !== '' ? token : null;
};

/**
 * Downloads the pages of a list into `<folder>/<list>-0001.json` and so on. Pages that are there
 * are not asked for again; the download goes on with the token of the last of them.
 */
export const downloadPages = async (options: {
  client: AlpacaClient;
  folder: string;
  list: string;
  url: string;
  on_page: (page: unknown, number: number) => void;
}): Promise<void> => {
  const { client, folder, list, url, on_page: onPage } = options;
  let token: string | null = null;
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${list}-${String(number).padStart(4, '0')}.json`);
    let page = await readAnswer(path);
    if (page === undefined) {
      const pageUrl = token === null ? url : `${url}&page_token=${encodeURIComponent(token)}`;
      const { text, body } = expectFound(await client.get(pageUrl), pageUrl);
      await writeAnswer(path, text);
      page = body;
    }
    onPage(page, number);
    const next = tokenOf(page);
    if (next === null) return;
    if (next === token)
      throw new RecordingError(
        'refused',
        `${new URL(url).origin}${new URL(url).pathname} names page ${number} as the page after itself`,
      );
    token = next;
  }
};
