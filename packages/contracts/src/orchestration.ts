import type { Api } from './route.ts';

/** Orchestration speaks MCP at /mcp; over REST it serves health only. */
export const orchestrationApi = {} satisfies Api;
