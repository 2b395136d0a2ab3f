import type {
  RequestId,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/**
 * Ends the stream of a request that its client took back and that therefore gets no answer: the
 * package, which has no way to forget a request, keeps it until the session ends. A stream on which
 * others of the same message still wait goes on for them.
 * @returns the stream on which nothing came, nor will; null for none
 */
export const endStreamOf = (
  transport: WebStandardStreamableHTTPServerTransport,
  request: RequestId,
): string | null => {
  const streams = transport['_requestToStreamMapping'] as Map<RequestId, string>;
  const answers = transport['_requestResponseMap'] as Map<RequestId, unknown>;
  const stream = streams.get(request);
  if (stream === undefined) return null;
  const others = [...streams].flatMap(([id, its]) => (its === stream && id !== request ? id : []));
  if (others.every((id) => answers.has(id))) {
    transport.closeSSEStream(request);
    for (const id of others) {
      streams.delete(id);
      answers.delete(id);
    }
  }
  streams.delete(request);
  return others.length === 0 ? stream : null;
};
