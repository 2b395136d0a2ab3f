import type { GetPromptResult } from '@modelcontextprotocol/server';

/** A way of asking that a person picks by name; what it says is made when it is picked. */
export interface PromptDefinition {
  name: string;
  title: string;
  description: string;
  arguments: readonly { name: string; description: string; required: boolean }[];
  /** With every required argument, and none that is not listed. */
  get(given: Readonly<Record<string, string>>): Promise<GetPromptResult>;
}
/** What an argument of a prompt or of a resource's URI may be completed to; by the argument's name. */
export type Completions = Readonly<Record<string, (begun: string) => Promise<readonly string[]>>>;
