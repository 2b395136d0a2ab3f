import { setTimeout as sleep } from 'node:timers/promises';
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ContentBlock,
  type PromptMessage,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Offer } from '../../src/mcp/offer.ts';
import { clientCapabilities, inputPrompt, inputTools, say, type Answer } from './fixture-inputs.ts';

/** One red pixel, and a sound without samples. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const SILENCE = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const PAUSE_MS = 50;

const text = (words: string): ContentBlock => ({ type: 'text', text: words });
const image: ContentBlock = { type: 'image', data: PIXEL, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, words: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text: words },
});
const withContent = (...content: ContentBlock[]): Answer => ({ content });

/** What the suite asks of a form with a default, or a choice, of each kind. */
const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
} as const;
const titled = (words: string) =>
  ['First', 'Second', 'Third'].map((place, index) => ({
    const: `value${index + 1}`,
    title: `${place} ${words}`,
  }));
const CHOICES = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled('Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: {
    type: 'array',
    items: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  },
  titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
};

const elicit = async (
  { mcpReq }: ServerContext,
  message: string,
  properties: object,
  required: string[] = [],
): Promise<{ action: string; content?: unknown }> =>
  mcpReq.elicitInput({
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: properties as never, required },
  });

type Given = Readonly<Record<string, unknown>>;
type Tool = (given: Given, context: ServerContext) => Answer | Promise<Answer>;

const simpleTools: Readonly<Record<string, Tool>> = {
  test_simple_text: () => say('This is a simple text response for testing.'),
  test_image_content: () => withContent(image),
  test_audio_content: () => withContent({ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }),
  test_embedded_resource: () =>
    withContent(
      embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ),
  test_multiple_content_types: () =>
    withContent(
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ),
  test_error_handling: () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }),
};

const talkingTools: Readonly<Record<string, Tool>> = {
  test_tool_with_logging: async (_, { mcpReq }) => {
    for (const words of ['started', 'processing data', 'completed']) {
      await mcpReq.log(
        'info',
        `Tool ${words === 'processing data' ? words : `execution ${words}`}`,
      );
      await sleep(PAUSE_MS);
    }
    return say('logged three times');
  },
  test_logging_tool: async (_, { mcpReq }) => {
    await mcpReq.log('info', 'a line for whoever asked for lines');
    return say('logged where it was asked for');
  },
  test_tool_with_progress: async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        });
      await sleep(PAUSE_MS);
    }
    return say('went through three steps');
  },
  test_reconnection: async (_, { http }) => {
    http?.closeSSE?.();
    await sleep(2 * PAUSE_MS);
    return say('answered after the stream was closed');
  },
  test_sampling: async ({ prompt }, { mcpReq }) => {
    const { content } = await mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: String(prompt) } }],
      maxTokens: 100,
    });
    return say(`LLM response: ${(content as { text?: string }).text ?? ''}`);
  },
  test_elicitation: async ({ message }, context) => {
    const fields = { username: { type: 'string' }, email: { type: 'string' } };
    const told = await elicit(context, String(message), fields, ['username', 'email']);
    return say(
      `User response: action=${told.action}, content=${JSON.stringify(told.content ?? {})}`,
    );
  },
  test_elicitation_sep1034_defaults: async (_, context) => {
    const told = await elicit(context, 'Look through the defaults', DEFAULTS);
    return say(
      `Elicitation completed: action=${told.action}, content=${JSON.stringify(told.content ?? {})}`,
    );
  },
  test_elicitation_sep1330_enums: async (_, context) => {
    const told = await elicit(context, 'Choose', CHOICES);
    return say(
      `Elicitation completed: action=${told.action}, content=${JSON.stringify(told.content ?? {})}`,
    );
  },
  test_missing_capability: (_, { mcpReq }) => {
    if (!clientCapabilities(mcpReq.envelope).sampling)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return say('this client samples');
  },
};

const tools: Readonly<Record<string, Tool>> = {
  ...simpleTools,
  ...talkingTools,
  ...Object.fromEntries(
    Object.entries(inputTools).map(([name, tool]): [string, Tool] => [
      name,
      (_, context) => tool(context),
    ]),
  ),
};
const ARGUMENTS: Readonly<Record<string, string>> = {
  test_sampling: 'prompt',
  test_elicitation: 'message',
};
const listedTools = Object.keys(tools).map((name) => ({
  name,
  description: `Fixture ${name} of the conformance suite`,
  inputSchema: {
    type: 'object' as const,
    properties: ARGUMENTS[name] ? { [ARGUMENTS[name]]: { type: 'string' } } : {},
  },
}));

const RESOURCES = [
  ['test://static-text', 'text/plain', 'This is the content of the static text resource.'],
  ['test://static-binary', 'image/png', PIXEL],
  ['test://watched-resource', 'text/plain', 'Watched resource content'],
] as const;
const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

const says = (content: ContentBlock): PromptMessage => ({ role: 'user', content });
const prompts: Readonly<Record<string, readonly string[]>> = {
  test_simple_prompt: [],
  test_prompt_with_arguments: ['arg1', 'arg2'],
  test_prompt_with_embedded_resource: ['resourceUri'],
  test_prompt_with_image: [],
  test_input_required_result_prompt: [],
};
const messagesOf = (name: string, given: Given): PromptMessage[] | undefined =>
  ({
    test_simple_prompt: [says(text('This is a simple prompt for testing.'))],
    test_prompt_with_arguments: [
      says(
        text(`Prompt with arguments: arg1='${String(given.arg1)}', arg2='${String(given.arg2)}'`),
      ),
    ],
    test_prompt_with_embedded_resource: [
      says(
        embedded(String(given.resourceUri), 'text/plain', 'Embedded resource content for testing.'),
      ),
      says(text('Please process the embedded resource above.')),
    ],
    test_prompt_with_image: [says(image), says(text('Please analyze the image above.'))],
  })[name];

/** What the conformance suite expects to find behind a transport, by the names that it has for it. */
export const fixtureOffer: Offer = {
  info: { name: 'conformance-fixtures', version: '1' },
  instructions: 'Fixtures of the conformance suite.',
  listTools: () => listedTools,
  isStop: () => false,
  callTool: async ({ name, arguments: given = {} }, { context }) => {
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no tool ${name}`);
    return tool(given, context);
  },
  listResources: () =>
    RESOURCES.map(([uri, mimeType]) => ({ uri, mimeType, name: uri, description: uri })),
  listTemplates: () => [
    {
      uriTemplate: 'test://template/{id}/data',
      name: 'template',
      description: 'A template',
      mimeType: 'application/json',
    },
  ],
  isResource: (uri) => TEMPLATE.test(uri) || RESOURCES.some(([known]) => known === uri),
  readResource: async (uri) => {
    const id = TEMPLATE.exec(uri)?.[1];
    if (id !== undefined) {
      const data = { id, templateTest: true, data: `Data for ID: ${id}` };
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }] };
    }
    const found = RESOURCES.find(([known]) => known === uri);
    if (!found) throw new ResourceNotFoundError(uri);
    const [, mimeType, content] = found;
    return {
      contents: [
        mimeType === 'image/png'
          ? { uri, mimeType, blob: content }
          : { uri, mimeType, text: content },
      ],
    };
  },
  listPrompts: () =>
    Object.entries(prompts).map(([name, names]) => ({
      name,
      description: `Fixture ${name}`,
      arguments: names.map((argument) => ({
        name: argument,
        description: argument,
        required: true,
      })),
    })),
  getPrompt: async ({ name, arguments: given = {} }, { context }) => {
    if (name === 'test_input_required_result_prompt') return inputPrompt(context);
    const messages = messagesOf(name, given);
    if (!messages)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no prompt ${name}`);
    return { messages };
  },
  complete: async ({ argument: { value } }) => {
    const values = ['paris', 'park', 'party'].filter((word) => word.startsWith(value));
    return { completion: { values, total: values.length, hasMore: false } };
  },
};
