import { AppError, type Log } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';
import { visibleLine } from '../domain/outside-words.ts';
import type { MakeAnswers } from './make-answers.ts';
import { findResource, type Resource } from '../resources.ts';
import type { ToolCaller } from '../tools/tool.ts';

interface Deps {
  resources: readonly Resource[];
  makeAnswers: MakeAnswers;
  log: Log;
}

const NOBODY: ToolCaller = {
  by: 'resource',
  scopes: new Set(),
  signal: new AbortController().signal,
  tell: () => {},
};

/** Reads a resource: what its tool answers, as JSON in the one envelope. */
export const createReadResource =
  ({ resources, makeAnswers, log }: Deps) =>
  async (uri: string): Promise<ReadResourceResult> => {
    const found = findResource(resources, uri);
    if (!found)
      throw new ResourceNotFoundError(
        uri,
        `there is no resource ${JSON.stringify(visibleLine(uri))}; resources/list and resources/templates/list name what there is`,
      );
    const { tool } = found.resource;
    try {
      const [standing, answer] = await Promise.all([
        makeAnswers.readStanding(),
        tool.run(tool.input.parse(found.given), NOBODY),
      ]);
      const { data } = makeAnswers.succeeded(standing, answer, tool);
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(data) }] };
    } catch (error) {
      const known =
        error instanceof AppError ? error : new AppError('INTERNAL', String(error), {}, error);
      if (known.code === 'INTERNAL') log.error('resource_failed', { uri, error });
      const { code, message, details } = known.toBody().error;
      const isMissing = code === 'NOT_FOUND' || code === 'UNKNOWN_SYMBOL';
      const told = `${code}: ${visibleLine(message)}`;
      throw isMissing
        ? new ResourceNotFoundError(uri, told)
        : new ProtocolError(ProtocolErrorCode.InternalError, told, { uri, code, details });
    }
  };
export type ReadResource = ReturnType<typeof createReadResource>;
