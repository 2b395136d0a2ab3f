import { AppError, type Log } from '@catalyst/service-kit';
import { ErrorCode, McpError, type ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { visibleLine } from '../domain/outside-words.ts';
import type { MakeAnswers } from './make-answers.ts';
import { findResource, type Resource } from '../resources.ts';

/** The protocol's own number for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;

interface Deps {
  resources: readonly Resource[];
  makeAnswers: MakeAnswers;
  log: Log;
}

export const noSuchResource = (uri: string): McpError =>
  new McpError(RESOURCE_NOT_FOUND, `there is no resource ${JSON.stringify(visibleLine(uri))}`, {
    uri,
  });

/** Reads a resource: what its tool answers, as JSON in the one envelope. */
export const createReadResource =
  ({ resources, makeAnswers, log }: Deps) =>
  async (uri: string): Promise<ReadResourceResult> => {
    const found = findResource(resources, uri);
    if (!found) throw noSuchResource(uri);
    const { tool } = found.resource;
    try {
      const [standing, answer] = await Promise.all([
        makeAnswers.readStanding(),
        tool.run(tool.input.parse(found.given), { by: 'resource' }),
      ]);
      const { data } = makeAnswers.succeeded(standing, answer, tool);
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }] };
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
