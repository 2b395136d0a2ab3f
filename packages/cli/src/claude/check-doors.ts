import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { DeskAddress } from './claude-doors.ts';

export interface Step {
  step: string;
  /** Null where it is open; else what blocks it, and what mends that. */
  blocked: string | null;
}
interface Answer {
  status: number;
  body: string;
}

const TIMEOUT_MS = 10_000;

const ask = ({ url, key, ca_file }: DeskAddress, body: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const isHttps = url.startsWith('https:');
    const sent = (isHttps ? requestHttps : requestHttp)(
      url,
      {
        method: 'POST',
        timeout: TIMEOUT_MS,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'x-api-key': key ?? '',
        },
        ...(ca_file !== null && { ca: readFileSync(ca_file) }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('it did not answer within 10 s')));
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });

/** What a failed connection means, by the system's word for it. */
const whyUnreached = (url: string, error: NodeJS.ErrnoException): string => {
  const { hostname, host } = new URL(url);
  const code = error.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `no address is known for ${hostname}: the name is mistyped, or has no DNS entry yet`;
  if (code === 'ECONNREFUSED') return `nothing listens at ${host}: is the desk up?`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return `the certificate of ${host} is not trusted here (${code}): give the file of it with --ca, or one from a known authority to Nginx`;
  return `${host} cannot be reached (${code || error.message})`;
};

const wordsOf = (body: string): string => {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } };
    return error?.message ?? body.slice(0, 200);
  } catch {
    return body.slice(0, 200);
  }
};

/** Tries the way to the desk from outside in; the first step that is blocked ends it. */
export const checkDoors = async (desk: DeskAddress): Promise<Step[]> => {
  const steps: Step[] = [];
  const tell = (step: string, blocked: string | null): boolean => {
    steps.push({ step, blocked });
    return blocked === null;
  };
  let answer: Answer;
  try {
    answer = await ask(desk, { jsonrpc: '2.0', id: 1, method: 'ping' });
  } catch (error) {
    tell('the address answers', whyUnreached(desk.url, error as NodeJS.ErrnoException));
    return steps;
  }
  tell('the address answers', null);
  const { status, body } = answer;
  const isHost =
    status === 403 && /host|origin/i.test(wordsOf(body)) && !body.includes('WRONG_KEY');
  if (
    !tell(
      'the desk goes by this name',
      isHost ? `${wordsOf(body)}: add ${new URL(desk.url).hostname} to MCP_ALLOWED_HOSTS` : null,
    )
  )
    return steps;
  const isKey = status === 401 || status === 403;
  if (!tell('the key is taken', isKey ? wordsOf(body) : null)) return steps;
  if (!tell('the desk speaks MCP there', status === 200 ? null : `${status}: ${wordsOf(body)}`))
    return steps;
  const listed = await ask(desk, { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} });
  const { result } = JSON.parse(listed.body) as { result?: { tools: unknown[] } };
  tell(
    `the key shows ${result?.tools.length ?? 0} tools`,
    result ? null : `${listed.status}: ${wordsOf(listed.body)}`,
  );
  return steps;
};
