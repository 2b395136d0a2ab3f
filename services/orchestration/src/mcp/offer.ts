import type {
  CallToolRequestParams,
  CompleteRequestParams,
  CompleteResult,
  GetPromptRequestParams,
  Implementation,
  Prompt,
  HandlerResultTypeMap,
  Resource,
  ResourceTemplateType,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import type { Holder } from '../flows/admit-holder.ts';

/** Who asks, and the protocol's own means: progress, log, cancellation. */
export interface Asked {
  holder: Holder;
  context: ServerContext;
}

/**
 * What is offered over the protocol, as data and what answers to it: the transport serves it to both
 * eras and knows nothing else of it.
 */
export interface Offer {
  info: Implementation;
  instructions: string;
  /** What this holder may see; each list is complete. */
  listTools(holder: Holder): Tool[];
  /** Whether a tool only stops, cancels or sells: no budget keeps anybody from it. */
  isStop(tool: string): boolean;
  callTool(
    params: CallToolRequestParams,
    asked: Asked,
  ): Promise<HandlerResultTypeMap['tools/call']>;
  listResources(holder: Holder): Resource[];
  listTemplates(holder: Holder): ResourceTemplateType[];
  readResource(uri: string, asked: Asked): Promise<HandlerResultTypeMap['resources/read']>;
  /** Whether a URI names something that can be followed. */
  isResource(uri: string): boolean;
  listPrompts(holder: Holder): Prompt[];
  getPrompt(
    params: GetPromptRequestParams,
    asked: Asked,
  ): Promise<HandlerResultTypeMap['prompts/get']>;
  complete(params: CompleteRequestParams, asked: Asked): Promise<CompleteResult>;
}
