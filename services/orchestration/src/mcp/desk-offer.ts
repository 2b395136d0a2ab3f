import type { AccessScope } from '@catalyst/contracts';
import { VERSION } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  type Prompt,
  type ServerContext,
  type Tool as ToolDescription,
} from '@modelcontextprotocol/server';
import { envelope } from '../domain/envelope.ts';
import { visibleLine } from '../domain/outside-words.ts';
import type { Holder } from '../flows/admit-holder.ts';
import type { CallTool } from '../flows/call-tool.ts';
import type { ReadResource } from '../flows/read-resource.ts';
import { instructions } from '../prompts/instructions.ts';
import type { Completions, PromptDefinition } from '../prompts/prompt.ts';
import { findResource, type Resource } from '../resources.ts';
import { listedOutput, listedSchema } from '../tools/listed-schema.ts';
import type { Tool } from '../tools/tool.ts';
import { VIEW_KEY, VIEW_TYPE, type View } from '../tools/views.ts';
import type { Offer } from './offer.ts';

interface Deps {
  mode: 'replay' | 'paper' | 'live';
  tools: readonly Tool[];
  resources: readonly Resource[];
  views: readonly View[];
  prompts: readonly PromptDefinition[];
  completions: Completions;
  callTool: CallTool;
  readResource: ReadResource;
}

/** Says how far a call is, where its client asked to hear of it. */
const progressOf = ({ mcpReq }: ServerContext): ((message: string) => void) => {
  const progressToken = mcpReq._meta?.progressToken;
  let progress = 0;
  return (message) => {
    if (progressToken === undefined || mcpReq.signal.aborted) return;
    progress += 1;
    // who has gone meanwhile hears nothing, which the answer's own sending tells of
    mcpReq
      .notify({
        method: 'notifications/progress',
        params: { progressToken, progress, message },
      })
      .catch(() => {});
  };
};

/** As many as the protocol lets one answer hold. */
const MOST_COMPLETIONS = 100;

const describeTool = ({
  name,
  title,
  description,
  input,
  output,
  annotations,
  view,
}: Tool): ToolDescription => ({
  name,
  title,
  description,
  inputSchema: listedSchema(input) as ToolDescription['inputSchema'],
  outputSchema: listedOutput(output, envelope) as ToolDescription['outputSchema'],
  annotations: { title, ...annotations },
  // hosts of before 2026 look for the page under a key of its own
  ...(view && { _meta: { ui: { resourceUri: view }, [VIEW_KEY]: view } }),
});

/** A page of an app loads nothing and speaks to nobody but its host. */
const PAGE = { ui: { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true } };

const describePrompt = (prompt: PromptDefinition): Prompt => ({
  name: prompt.name,
  title: prompt.title,
  description: prompt.description,
  arguments: [...prompt.arguments],
});

const invalid = (message: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, message);

/** What the desk offers over the protocol: its tools, resources and prompts, as far as a key may. */
export const createDeskOffer = ({
  mode,
  tools,
  resources,
  views,
  prompts,
  completions,
  callTool,
  readResource,
}: Deps): Offer => {
  // described once: each request of 2026's clients makes a server of its own
  const listed = tools.map((tool) => ({ scope: tool.scope, description: describeTool(tool) }));
  const listFor = new Map<string, ToolDescription[]>();
  const stops = new Set(tools.filter((tool) => tool.only_lowers_risk).map(({ name }) => name));
  const described = resources.map(({ name, title, description, uri }) => ({
    name,
    title,
    description,
    mimeType: 'application/json',
    uri,
  }));
  const fixed = [
    ...described.filter(({ uri }) => !uri.includes('{')),
    ...views.map(({ html: _, ...view }) => ({ ...view, mimeType: VIEW_TYPE, _meta: PAGE })),
  ];
  const viewOf = new Map(views.map((view) => [view.uri, view]));
  const templates = described
    .filter(({ uri }) => uri.includes('{'))
    .map(({ uri, ...rest }) => ({ ...rest, uriTemplate: uri }));
  const listedPrompts = prompts.map(describePrompt);
  const promptOf = new Map(prompts.map((prompt) => [prompt.name, prompt]));

  const listTools = ({ scopes }: Holder): ToolDescription[] => {
    const granted = [...scopes].join(' ');
    const known = listFor.get(granted);
    if (known) return known;
    const list = listed
      .filter(({ scope }: { scope: AccessScope }) => scopes.has(scope))
      .map(({ description }) => description);
    listFor.set(granted, list);
    return list;
  };

  return {
    info: { name: 'catalyst', title: 'Catalyst trading desk', version: VERSION },
    instructions: instructions(mode),
    listTools,
    isStop: (tool) => stops.has(tool),
    callTool: ({ name, arguments: given }, { holder, context }) =>
      callTool(name, given ?? {}, holder, {
        signal: context.mcpReq.signal,
        tell: progressOf(context),
      }),
    listResources: () => fixed,
    listTemplates: () => templates,
    readResource: async (uri) => {
      const view = viewOf.get(uri);
      return view
        ? { contents: [{ uri, mimeType: VIEW_TYPE, text: view.html, _meta: PAGE }] }
        : readResource(uri);
    },
    isResource: (uri) => findResource(resources, uri) !== undefined,
    listPrompts: () => listedPrompts,
    getPrompt: async ({ name, arguments: given = {} }) => {
      const prompt = promptOf.get(name);
      if (!prompt)
        throw invalid(
          `there is no prompt ${JSON.stringify(visibleLine(name))}; prompts/list names the ${prompts.length} there are`,
        );
      const missing = prompt.arguments.filter(
        (argument) => argument.required && !given[argument.name],
      );
      if (missing.length > 0)
        throw invalid(
          `${name} needs ${missing.map((argument) => `${argument.name} (${argument.description})`).join(', ')}`,
        );
      return prompt.get(given);
    },
    complete: async ({ argument }) => {
      const found = Object.hasOwn(completions, argument.name)
        ? await completions[argument.name]!(argument.value)
        : [];
      return {
        completion: {
          values: found.slice(0, MOST_COMPLETIONS),
          total: found.length,
          hasMore: found.length > MOST_COMPLETIONS,
        },
      };
    },
  };
};
