/** Newest revision of the protocol between a page and its host that this page speaks. */
const PROTOCOL = '2026-01-26';
/** A host that does not answer a call in this time is taken for gone. */
const PATIENCE_MS = 30_000;

interface Message {
  jsonrpc: '2.0';
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message?: string };
}

/** What a tool answered, as far as a page shows it. */
export interface ToolResult {
  isError?: boolean;
  content?: { type: string; text?: string }[];
  structuredContent?: Record<string, unknown>;
}

/** How the page is shown, as the host tells and changes it. */
export interface HostContext {
  theme?: 'light' | 'dark';
  styles?: { variables?: Record<string, string | undefined> };
  safeAreaInsets?: { top: number; right: number; bottom: number; left: number };
}

interface Listener {
  onContext(context: HostContext): void;
  onResult(result: ToolResult): void;
  onCancelled(reason: string): void;
}

/**
 * The page's side of the MCP Apps protocol: JSON-RPC over messages of its parent window, and of
 * nobody else.
 */
export const connectHost = async (listener: Listener) => {
  const host = window.parent;
  const waiting = new Map<number, (message: Message) => void>();
  let last = 0;
  const send = (message: Omit<Message, 'jsonrpc'>): void =>
    host.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const request = (
    method: string,
    params: Record<string, unknown>,
  ): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const id = (last += 1);
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error('the host does not answer'));
      }, PATIENCE_MS);
      waiting.set(id, ({ result, error }) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (error) reject(new Error(error.message ?? 'the host refused'));
        else resolve(result ?? {});
      });
      send({ id, method, params });
    });
  const told: Readonly<Record<string, (params: Record<string, unknown>) => void>> = {
    'ui/notifications/host-context-changed': (params) => listener.onContext(params),
    'ui/notifications/tool-result': (params) => listener.onResult(params),
    'ui/notifications/tool-cancelled': ({ reason }) => listener.onCancelled(String(reason ?? '')),
  };
  window.addEventListener('message', ({ source, data }: MessageEvent<Message | undefined>) => {
    if (source !== host || data?.jsonrpc !== '2.0') return;
    const { id, method, params = {} } = data;
    if (method === undefined) waiting.get(Number(id))?.(data);
    else if (id === undefined) {
      if (Object.hasOwn(told, method)) told[method]!(params);
    } else if (method === 'ping' || method === 'ui/resource-teardown') send({ id, result: {} });
    else
      host.postMessage(
        { jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } },
        '*',
      );
  });

  const { hostContext, hostCapabilities } = (await request('ui/initialize', {
    protocolVersion: PROTOCOL,
    appInfo: { name: 'catalyst-positions', version: '1' },
    appCapabilities: {},
  })) as { hostContext?: HostContext; hostCapabilities?: { serverTools?: object } };
  listener.onContext(hostContext ?? {});
  send({ method: 'ui/notifications/initialized', params: {} });
  return {
    /** Whether the host lets the page ask the desk. */
    mayCall: hostCapabilities?.serverTools !== undefined,
    call: async (name: string, given: Record<string, unknown>): Promise<ToolResult> =>
      request('tools/call', { name, arguments: given }),
    tellSize: (width: number, height: number): void =>
      send({ method: 'ui/notifications/size-changed', params: { width, height } }),
  };
};
export type Host = Awaited<ReturnType<typeof connectHost>>;
