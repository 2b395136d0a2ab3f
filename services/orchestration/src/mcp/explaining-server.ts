import { describeIssues } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  specTypeSchemas,
  type JSONRPCRequest,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';

const PARAMS: Readonly<Record<string, keyof typeof specTypeSchemas>> = {
  initialize: 'InitializeRequestParams',
  'tools/list': 'PaginatedRequestParams',
  'tools/call': 'CallToolRequestParams',
  'resources/list': 'PaginatedRequestParams',
  'resources/templates/list': 'PaginatedRequestParams',
  'resources/read': 'ReadResourceRequestParams',
  'resources/subscribe': 'SubscribeRequestParams',
  'resources/unsubscribe': 'UnsubscribeRequestParams',
  'prompts/list': 'PaginatedRequestParams',
  'prompts/get': 'GetPromptRequestParams',
  'completion/complete': 'CompleteRequestParams',
  'logging/setLevel': 'SetLevelRequestParams',
};

/** What is wrong with a request's params, in words; null where nothing is. */
const explain = async (request: JSONRPCRequest): Promise<string | null> => {
  const name = PARAMS[request.method];
  if (!name) return null;
  const read = await specTypeSchemas[name]['~standard'].validate(request.params ?? {});
  if (!read.issues) return null;
  const issues = read.issues.map(({ path = [], message }) => ({
    path: path.map((part) => (typeof part === 'object' ? part.key : part)),
    message,
    code: 'custom' as const,
  }));
  return describeIssues('params', issues);
};

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/**
 * A server that says of invalid params what is wrong with them (-32602): the package itself calls
 * them an internal error, in its schema library's words.
 */
export class ExplainingServer extends Server {
  readonly #passes_calls: boolean;

  /** @param passes_calls requests of calls are read once, and what they are answered not at all */
  constructor(passes_calls: boolean, ...rest: ConstructorParameters<typeof Server>) {
    super(...rest);
    this.#passes_calls = passes_calls;
  }

  protected override _wrapHandler(method: string, handler: Handler): Handler {
    // in this order: the package registers other methods before this is constructed
    const wrapped =
      method === 'tools/call' && this.#passes_calls ? handler : super._wrapHandler(method, handler);
    return async (request, context) => {
      try {
        return await wrapped(request, context);
      } catch (error) {
        const isOurs =
          error instanceof ProtocolError && !error.message.startsWith(`Invalid ${method}`);
        const fault = isOurs ? null : await explain(request);
        if (fault === null) throw error;
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `Invalid params of ${method}: ${fault}`,
        );
      }
    };
  }
}
