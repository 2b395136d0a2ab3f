import { askDoor, whyUnreached, type Answer } from './ask-door.ts';
import type { DeskAddress } from './claude-doors.ts';
import { checkHostedDoor, findHostedDoor } from './hosted-door.ts';

export interface Step {
  step: string;
  /** Null where it is open; else what blocks it, and what mends that. */
  blocked: string | null;
}
const ask = ({ url, key, ca_file }: DeskAddress, body: object): Promise<Answer> =>
  askDoor(url, { ca_file, headers: { 'x-api-key': key ?? '' }, body });

const wordsOf = (body: string): string => {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } };
    return error?.message ?? body.slice(0, 200);
  } catch {
    return body.slice(0, 200);
  }
};

/** The way of whoever has a key; the first step that is blocked ends it. */
const checkKeyDoor = async (desk: DeskAddress): Promise<Step[]> => {
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

/** Tries the ways to the desk from outside in: that of keys, and that of the hosted connector. */
export const checkDoors = async (desk: DeskAddress): Promise<Step[]> => {
  const steps = await checkKeyDoor(desk);
  if (steps[0]!.blocked !== null) return steps;
  const hosted = await findHostedDoor(desk);
  return [
    ...steps,
    hosted
      ? {
          step: `the hosted connector finds the way in at ${hosted.resource}`,
          blocked: await checkHostedDoor(hosted, desk.ca_file),
        }
      : { step: 'no door for the hosted connector is asked for (PUBLIC_URL)', blocked: null },
  ];
};
