import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { SessionRecord } from './shared-state.ts';

const NAMELESS = 'http://catalyst.invalid/mcp';

/** Says a client's first words again to a transport that has not heard them; nobody is answered. */
export const sayAgain = async (
  transport: WebStandardStreamableHTTPServerTransport,
  session_id: string,
  initialize: SessionRecord['initialize'],
): Promise<void> => {
  for (const body of [initialize, { jsonrpc: '2.0', method: 'notifications/initialized' }]) {
    const request = new Request(NAMELESS, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-session-id': session_id,
      },
    });
    const answer = await transport.handleRequest(request, { parsedBody: body });
    await answer.text();
  }
};
