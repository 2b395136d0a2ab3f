import { AppError, type Log } from '@catalyst/service-kit';
import { ErrorCode, McpError, type ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { rounded } from '../domain/shown-numbers.ts';
import { markUntrusted, visibleLine } from '../domain/untrusted-text.ts';
import { findResource, type Resource } from '../resources.ts';

/** The protocol's own number for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;

interface Deps {
  resources: readonly Resource[];
  mode: 'replay' | 'paper' | 'live';
  log: Log;
}

export const noSuchResource = (uri: string): McpError =>
  new McpError(RESOURCE_NOT_FOUND, `there is no resource ${JSON.stringify(visibleLine(uri))}`, {
    uri,
  });

/** Reads a resource as JSON with the mode in it and outside words marked. */
export const createReadResource =
  ({ resources, mode, log }: Deps) =>
  async (uri: string): Promise<ReadResourceResult> => {
    const found = findResource(resources, uri);
    if (!found) throw noSuchResource(uri);
    try {
      const { data, untrusted_fields } = await found.resource.read(found.named);
      const marked = markUntrusted(rounded({ mode, ...data }, 6), untrusted_fields);
      return {
        contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(marked.data) }],
      };
    } catch (error) {
      const known =
        error instanceof AppError ? error : new AppError('INTERNAL', String(error), {}, error);
      if (known.code === 'INTERNAL') log.error('resource_failed', { uri, error });
      const { code, message, details } = known.toBody().error;
      const isMissing = code === 'NOT_FOUND' || code === 'UNKNOWN_SYMBOL';
      throw new McpError(
        isMissing ? RESOURCE_NOT_FOUND : ErrorCode.InternalError,
        `${code}: ${visibleLine(message)}`,
        { uri, code, details },
      );
    }
  };
export type ReadResource = ReturnType<typeof createReadResource>;
