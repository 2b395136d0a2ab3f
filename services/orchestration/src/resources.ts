import type { ResourceView } from './tools/resource-view.ts';
import type { Tool } from './tools/tool.ts';

/** What can be attached: the answer of a tool under a URI. */
export interface Resource extends ResourceView {
  tool: Tool;
}

/** Every resource that the tools tell. */
export const createResources = (tools: readonly Tool[]): Resource[] =>
  tools.flatMap((tool) => (tool.resources ?? []).map((view) => ({ ...view, tool })));

/** The resource that a URI names, with the arguments that it stands for. */
export const findResource = (
  resources: readonly Resource[],
  uri: string,
): { resource: Resource; given: Record<string, unknown> } | undefined => {
  for (const resource of resources) {
    const given = resource.match(uri);
    if (given !== null) return { resource, given };
  }
  return undefined;
};
