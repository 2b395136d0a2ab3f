/**
 * Carries MCP between a program that speaks it on standard input and output, such as Claude Desktop,
 * and a desk that speaks it over HTTP. Needs nothing but Node, since it travels alone in a bundle.
 *
 *   CATALYST_MCP_URL=https://desk.example.com/mcp CATALYST_MCP_KEY=… node bridge.mjs
 */
import { createInterface } from 'node:readline';

const { CATALYST_MCP_URL: url, CATALYST_MCP_KEY: key } = process.env;
const VERSION = 'io.modelcontextprotocol/protocolVersion';
const AGAIN_AFTER_MS = 1000;

const say = (line) => process.stderr.write(`catalyst: ${line}\n`);
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
if (!url || !key) {
  say('CATALYST_MCP_URL and CATALYST_MCP_KEY must name the desk and hold a key to it');
  process.exit(78);
}

/** Of a client of 2025: what it is known by, and the words with which it began. */
const session = { id: undefined, version: undefined, begun: undefined };
const under_way = new Map();
const ending = new AbortController();

const refuse = (id, code, message) => {
  if (id === undefined) say(message);
  else write({ jsonrpc: '2.0', id, error: { code, message } });
};

/** Passes on what comes, at once: an answer, or the events of a stream. */
const passOn = async (response, pass) => {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const text = await response.text();
    if (text !== '') for (const message of [JSON.parse(text)].flat()) pass(message);
    return;
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      const lines = event.split('\n').filter((line) => line.startsWith('data:'));
      const data = lines.map((line) => line.slice(5).trimStart()).join('\n');
      if (data !== '') pass(JSON.parse(data));
    }
  }
};

const headersFor = ({ method, params }) => {
  const modern = params?._meta?.[VERSION];
  const named = params?.name ?? params?.uri;
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-api-key': key,
    ...(modern
      ? {
          'mcp-protocol-version': modern,
          'mcp-method': method,
          ...(typeof named === 'string' && { 'mcp-name': named }),
        }
      : {
          ...(session.id && { 'mcp-session-id': session.id }),
          ...(session.version && { 'mcp-protocol-version': session.version }),
        }),
  };
};

const post = (message, signal) =>
  fetch(url, {
    method: 'POST',
    headers: headersFor(message),
    body: JSON.stringify(message),
    signal: signal ? AbortSignal.any([signal, ending.signal]) : ending.signal,
  });

/** Begins anew where the desk no longer knows the session. */
const beginAgain = async () => {
  session.id = undefined;
  const response = await post(session.begun);
  session.id = response.headers.get('mcp-session-id') ?? undefined;
  await passOn(response, () => undefined);
  await (await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).text();
};

const send = async (message) => {
  const { id, method } = message;
  const own = new AbortController();
  if (id !== undefined && method !== undefined) under_way.set(id, own);
  if (method === 'initialize') {
    session.id = undefined;
    session.begun = message;
  }
  try {
    let response = await post(message, own.signal);
    if (response.status === 404 && session.id) {
      await beginAgain();
      response = await post(message, own.signal);
    }
    if (!response.ok) {
      const body = await response.json().catch(() => ({}));
      if (body.jsonrpc && body.id === id && id !== undefined) return write(body);
      const { code, message: why = `the desk answered ${response.status}` } = body.error ?? {};
      return refuse(id, typeof code === 'number' ? code : -32000, why);
    }
    session.id ??= response.headers.get('mcp-session-id') ?? undefined;
    await passOn(response, (answer) => {
      if (method === 'initialize') session.version = answer.result?.protocolVersion;
      write(answer);
    });
    if (method === 'notifications/initialized') void listen();
  } catch (error) {
    if (own.signal.aborted || ending.signal.aborted) return;
    refuse(
      id,
      -32000,
      `the desk cannot be reached at ${url} (${error.cause?.code ?? error.message})`,
    );
  } finally {
    under_way.delete(id);
  }
};

/** The desk's own notifications, for as long as the session lasts. */
const listen = async () => {
  while (session.id && !ending.signal.aborted) {
    try {
      const response = await fetch(url, {
        headers: { ...headersFor({}), accept: 'text/event-stream' },
        signal: ending.signal,
      });
      if (response.status === 405 || response.status === 409) return;
      if (response.ok) await passOn(response, write);
      else await response.text();
    } catch {
      if (ending.signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    write({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error: no JSON' } });
    continue;
  }
  if (message.method === 'notifications/cancelled' && message.params?.requestId !== undefined)
    under_way.get(message.params.requestId)?.abort();
  // the session's id must be known before anything else is sent in it
  if (message.method === 'initialize') await send(message);
  else void send(message);
}
await Promise.race([
  Promise.allSettled([...under_way.keys()]),
  new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS)),
]);
if (session.id)
  await fetch(url, {
    method: 'DELETE',
    headers: headersFor({}),
    signal: AbortSignal.timeout(2000),
  }).catch(() => undefined);
ending.abort();
process.exit(0);
