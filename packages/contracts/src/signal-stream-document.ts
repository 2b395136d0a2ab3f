import { z } from 'zod';
import {
  clientFrames,
  closeCodes,
  finalReasons,
  serverFrames,
  SIGNAL_STREAM_PATH,
  streamErrorCodes,
  type GoodbyeReason,
} from './signal-stream.ts';
import { SIGNAL_VERSION } from './signal.ts';

const CLIENT: Readonly<Record<keyof typeof clientFrames, string>> = {
  auth: 'The first frame, within 5 seconds, unless the key came as a header.',
  subscribe: 'Begins the stream, once: what is missing after `after_seq`, then live.',
  update_filters: 'Other filters from here on; nothing of the past is sent again.',
  ack: 'All up to `seq` is safe at the client.',
  feedback: 'How a signal went at the client.',
  ping: 'Asks for a pong.',
};
const SERVER: Readonly<Record<keyof typeof serverFrames, string>> = {
  welcome: 'Who the client is, how far the log is, and what holds for it.',
  subscribed: 'The subscription stands; the backfill follows.',
  backfill: 'The backfill is over; what follows is live.',
  filters_updated: 'The new filters hold.',
  signal: 'A row of the log that the filters let through.',
  ack_recorded: 'The ack was taken.',
  feedback_recorded: 'The feedback is stored.',
  pong: 'Answers a ping.',
  heartbeat: 'Each 30 seconds: silence is not quiet.',
  config_updated: "The settings, the desk's limits or a flag changed.",
  goodbye: 'Before each close: why, and where to go on.',
  error: 'A fault of the protocol; the connection stays.',
};

/** The shortest useful frames; a test reads each with its schema. */
export const frameExamples = {
  auth: { type: 'auth', key: '<the key of join>' },
  subscribe: {
    type: 'subscribe',
    filters: { min_confidence: 0.75, catalyst_types: ['earnings', 'fda'] },
    after_seq: 41,
  },
  update_filters: { type: 'update_filters', filters: { max_price: 20 } },
  ack: { type: 'ack', seq: 42 },
  feedback: {
    type: 'feedback',
    signal_id: '6f1d3c52-0a1b-8c2d-9e3f-405162738495',
    outcome: 'skipped',
    reason: 'the price ran away',
  },
  ping: { type: 'ping', id: '1' },
} as const satisfies Record<keyof typeof clientFrames, object>;

const schema = (of: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(of, { target: 'draft-7', io });
  return rest;
};

const messages = (
  frames: Readonly<Record<string, z.ZodType>>,
  summaries: Readonly<Record<string, string>>,
  io: 'input' | 'output',
  examples: Readonly<Record<string, object>> = {},
): Record<string, object> =>
  Object.fromEntries(
    Object.entries(frames).map(([name, frame]) => [
      name,
      {
        name,
        summary: summaries[name],
        contentType: 'application/json',
        payload: schema(frame, io),
        ...(examples[name] && { examples: [{ payload: examples[name] }] }),
      },
    ]),
  );

const CLOSES = Object.entries(closeCodes)
  .map(([reason, code]) => {
    const isFinal = finalReasons.has(reason as GoodbyeReason);
    return `- ${code} \`${reason}\`: ${isFinal ? 'stay away until a person has looked' : 'come back and subscribe after `resume_after_seq`'}`;
  })
  .join('\n');

const DESCRIPTION = `Signals of a Catalyst desk, payload version ${SIGNAL_VERSION}. Every frame is one JSON object in a text frame with a \`type\`; a
reader passes over types and fields that it does not know. \`seq\` is gapless in the desk's log; what a client's filters hold
back is covered by the \`seq\` of \`backfill\`, \`heartbeat\` and the next \`signal\`. A client that holds all up to N and is told
an \`after\` greater than N has a hole: it comes back with \`after_seq: N\`.

Close codes, each after a \`goodbye\`:
${CLOSES}

Who breaks WebSocket's own rules (a frame that is none, text that is not UTF-8, more than 128 KB in one frame) is cut off
by the protocol's own codes 1002, 1007 and 1009 without a word.

Codes of \`error\`: ${streamErrorCodes.join(', ')}.`;

const references = (frames: object): object[] =>
  Object.keys(frames).map((name) => ({ $ref: `#/channels/signals/messages/${name}` }));

/** The AsyncAPI 3.0 document of the signal stream, generated from its frames. */
export const describeSignalStream = (): object => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Catalyst signals',
    version: `${SIGNAL_VERSION}.0.0`,
    license: { name: 'MIT' },
    description: DESCRIPTION,
  },
  defaultContentType: 'application/json',
  servers: {
    desk: {
      host: '{host}',
      protocol: 'wss',
      description: 'The address of the invitation; plain ws to loopback alone.',
      variables: { host: { description: 'Host and port of the desk.' } },
    },
  },
  channels: {
    signals: {
      address: SIGNAL_STREAM_PATH,
      messages: {
        ...messages(clientFrames, CLIENT, 'input', frameExamples),
        ...messages(serverFrames, SERVER, 'output'),
      },
      bindings: {
        ws: {
          method: 'GET',
          headers: {
            type: 'object',
            properties: {
              'X-API-Key': { type: 'string', description: 'The key, instead of an auth frame.' },
              Authorization: {
                type: 'string',
                description: 'Bearer with a key or a token, instead of an auth frame.',
              },
            },
          },
        },
      },
    },
  },
  operations: {
    tellDesk: {
      action: 'receive',
      summary: 'What a client sends.',
      channel: { $ref: '#/channels/signals' },
      messages: references(clientFrames),
    },
    tellClient: {
      action: 'send',
      summary: 'What the desk sends.',
      channel: { $ref: '#/channels/signals' },
      messages: references(serverFrames),
    },
  },
});
