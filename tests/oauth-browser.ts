import type { Answer, FrontDoor } from './front-door.ts';

/** One browser: it keeps cookies and follows what the desk redirects to within the desk. */
export const createBrowser = (door: FrontDoor) => {
  const jar = new Map<string, { value: string; path: string }>();
  const ask = async (
    path: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const cookie = [...jar]
      .filter(([, { path: below }]) => path.split('?')[0]!.startsWith(below))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const answer = await door.ask(path, {
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
      headers: {
        accept: 'text/html',
        ...(cookie && { cookie }),
        ...(form && {
          'content-type': 'application/x-www-form-urlencoded',
          origin: door.https_url,
          'sec-fetch-site': 'same-origin',
        }),
        ...headers,
      },
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair, ...attributes] = line.split('; ');
      const [name, value = ''] = pair!.split(/=(.*)/s);
      const below = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      if (value === '') jar.delete(name!);
      else jar.set(name!, { value, path: below });
    }
    return answer;
  };
  /** Follows redirects within the desk; the answer has where it leads outside, if it does. */
  const follow = async (
    answer: Answer,
  ): Promise<Answer & { path: string; outside: URL | null }> => {
    let at = answer;
    for (let path = ''; ;) {
      const location = at.headers.location;
      if (!location) return { ...at, path, outside: null };
      const next = new URL(location, door.https_url);
      if (next.origin !== door.https_url) return { ...at, path, outside: next };
      path = next.pathname + next.search;
      at = await ask(path);
      at = { ...at, headers: at.headers };
      if (!at.headers.location) return { ...at, path, outside: null };
    }
  };
  return {
    jar,
    ask,
    open: async (url: string | URL) => {
      const { pathname, search } = new URL(url, door.https_url);
      const first = await ask(pathname + search);
      const came = await follow(first);
      return { ...came, path: came.path || pathname + search };
    },
    /** Sends a page's form with what a person fills in. */
    send: async (page: { text: string }, filled: Record<string, string>, index = 0) => {
      const form = [...page.text.matchAll(/<form method="post" action="([^"]+)"[\s\S]*?<\/form>/g)][
        index
      ]!;
      const hidden = Object.fromEntries(
        [...form[0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [
          match[1]!,
          match[2]!,
        ]),
      );
      return follow(await ask(form[1]!, { ...hidden, ...filled }));
    },
  };
};
export type Browser = ReturnType<typeof createBrowser>;
