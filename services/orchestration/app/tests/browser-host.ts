import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import {
  AppBridge,
  getToolUiResourceUri,
  PostMessageTransport,
  type McpUiHostContext,
} from '@modelcontextprotocol/ext-apps/app-bridge';

/** A host as the package for hosts makes one: the desk's own client in a page, the app in a frame. */
const start = async (): Promise<void> => {
  const asked = new URLSearchParams(location.search);
  const client = new Client({ name: 'browser-host', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`/mcp?key=${asked.get('key')}`, location.origin)),
  );
  const { tools } = await client.listTools();
  const tool = tools.find(({ name }) => name === 'get_positions')!;
  const uri = getToolUiResourceUri(tool)!;
  const [content] = (await client.readResource({ uri })).contents;
  const context: McpUiHostContext = { theme: asked.get('theme') === 'dark' ? 'dark' : 'light' };
  const bridge = new AppBridge(
    client as never,
    { name: 'browser-host', version: '1' },
    { serverTools: {} },
    { hostContext: context },
  );
  const told = { sizes: 0, uri, mimeType: content!.mimeType, meta: content!._meta, height: 0 };
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = `/app?uri=${encodeURIComponent(uri)}`;
  frame.style.cssText = 'border:0;width:100%;height:100%';
  const toldResult = async () =>
    bridge.sendToolResult(
      (await client.callTool({ name: 'get_positions', arguments: {} })) as never,
    );
  bridge.oninitialized = () => {
    void bridge.sendToolInput({ arguments: {} }).then(toldResult);
  };
  bridge.onsizechange = ({ height }) => {
    told.sizes += 1;
    told.height = height ?? 0;
  };
  document.body.append(frame);
  await bridge.connect(new PostMessageTransport(frame.contentWindow!, frame.contentWindow!));
  Object.assign(window, {
    told,
    tellAgain: toldResult,
    setTheme: (theme: 'light' | 'dark') => bridge.setHostContext({ theme }),
    teardown: () => bridge.teardownResource({}),
  });
};

start().catch((error: unknown) => {
  document.body.textContent = `the host failed: ${String(error)}`;
});
