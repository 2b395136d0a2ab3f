import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type HandlerResultTypeMap,
  type InputRequests,
  type ServerContext,
} from '@modelcontextprotocol/server';

type Given = Record<string, unknown>;
export type Answer = HandlerResultTypeMap['tools/call'];
export const say = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

const secret = randomBytes(32);
const sign = (state: string): string => createHmac('sha256', secret).update(state).digest('hex');
const seal = (state: string): string => `${state}.${sign(state)}`;
/** What was sealed; undefined where nothing came. @throws ProtocolError for a state that is not ours */
const unseal = (context: ServerContext): string | undefined => {
  const given = context.mcpReq.requestState<string>();
  if (given === undefined) return undefined;
  const [state = '', mark = ''] = given.split('.');
  const expected = sign(state);
  if (mark.length === expected.length && timingSafeEqual(Buffer.from(mark), Buffer.from(expected)))
    return state;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'requestState was changed on its way');
};

const form = (message: string, name: string, type: 'string' | 'boolean') => ({
  method: 'elicitation/create' as const,
  params: {
    mode: 'form' as const,
    message,
    requestedSchema: {
      type: 'object' as const,
      properties: { [name]: { type } },
      required: [name],
    },
  },
});
const sampling = (text: string, maxTokens: number) => ({
  method: 'sampling/createMessage' as const,
  params: {
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
    maxTokens,
  },
});
const roots = { method: 'roots/list' as const, params: {} };
const ask = (inputRequests: object, state?: string): Answer =>
  inputRequired({
    inputRequests: inputRequests as InputRequests,
    ...(state !== undefined && { requestState: seal(state) }),
  });

const contentOf = (response: unknown, name: string): unknown => {
  const { action, content } = (response ?? {}) as { action?: string; content?: Given };
  return action === 'accept' ? content?.[name] : undefined;
};

/** What the client of this request says that it can be asked. */
export const clientCapabilities = (envelope: object | undefined): Given =>
  ((envelope as Given | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Given;

const askName = ({ mcpReq: { inputResponses } }: ServerContext): Answer => {
  const name = contentOf(inputResponses?.user_name, 'name');
  return typeof name === 'string'
    ? say(`Hello, ${name}!`)
    : ask({ user_name: form('What is your name?', 'name', 'string') });
};

/** Tools that ask their client before they answer, by name. */
export const inputTools: Readonly<Record<string, (context: ServerContext) => Answer>> = {
  test_input_required_result_elicitation: askName,
  test_streaming_elicitation: askName,
  test_input_required_result_sampling: ({ mcpReq: { inputResponses } }) => {
    const told = inputResponses?.capital_question as { content?: { text?: string } } | undefined;
    return told?.content?.text !== undefined
      ? say(told.content.text)
      : ask({ capital_question: sampling('What is the capital of France?', 100) });
  },
  test_input_required_result_list_roots: ({ mcpReq: { inputResponses } }) => {
    const told = inputResponses?.client_roots as { roots?: { uri: string }[] } | undefined;
    return told?.roots
      ? say(`roots: ${told.roots.map(({ uri }) => uri).join(', ')}`)
      : ask({ client_roots: roots });
  },
  test_input_required_result_request_state: (context) =>
    unseal(context) === 'confirming' && context.mcpReq.inputResponses?.confirm
      ? say('state-ok')
      : ask({ confirm: form('Please confirm', 'ok', 'boolean') }, 'confirming'),
  test_input_required_result_multiple_inputs: (context) => {
    const told = context.mcpReq.inputResponses ?? {};
    const isWhole = ['user_name', 'greeting', 'client_roots'].every((key) => key in told);
    return unseal(context) === 'several' && isWhole
      ? say('all three came')
      : ask(
          {
            user_name: form('What is your name?', 'name', 'string'),
            greeting: sampling('Generate a greeting', 50),
            client_roots: roots,
          },
          'several',
        );
  },
  test_input_required_result_multi_round: (context) => {
    const state = unseal(context);
    const told = context.mcpReq.inputResponses ?? {};
    if (state === 'second' && told.step2) return say('both steps are done');
    return state === 'first' && told.step1
      ? ask({ step2: form('Step 2: What is your favorite color?', 'color', 'string') }, 'second')
      : ask({ step1: form('Step 1: What is your name?', 'name', 'string') }, 'first');
  },
  test_input_required_result_tampered_state: (context) =>
    unseal(context) === 'guarded'
      ? say('the state is as it was sent')
      : ask({ confirm: form('Please confirm', 'ok', 'boolean') }, 'guarded'),
  test_input_required_result_capabilities: ({ mcpReq: { envelope, inputResponses } }) => {
    if (inputResponses) return say('answered');
    const can = clientCapabilities(envelope);
    const asked = {
      ...(can.elicitation ? { user_name: form('What is your name?', 'name', 'string') } : {}),
      ...(can.sampling ? { greeting: sampling('Generate a greeting', 50) } : {}),
      ...(can.roots ? { client_roots: roots } : {}),
    };
    return Object.keys(asked).length > 0 ? ask(asked) : say('this client can be asked nothing');
  },
};

/** The prompt that asks before it answers. */
export const inputPrompt = ({ mcpReq }: ServerContext): HandlerResultTypeMap['prompts/get'] => {
  const context = contentOf(mcpReq.inputResponses?.user_context, 'context');
  return typeof context === 'string'
    ? {
        messages: [
          { role: 'user', content: { type: 'text', text: `In the context of ${context}` } },
        ],
      }
    : (ask({
        user_context: form('What context should the prompt use?', 'context', 'string'),
      }) as HandlerResultTypeMap['prompts/get']);
};
