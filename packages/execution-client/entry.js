import { existsSync } from 'node:fs';

// The checkout runs its sources, always; the packed module has no src/ (Node strips no types under
// node_modules) and runs what was built from them. ES modules name their exports: each value that
// src/index.ts exports stands here too, which tests/pack.test.ts holds.
const place = existsSync(new URL('./src/index.ts', import.meta.url))
  ? './src/index.ts'
  : './dist/index.js';

export const {
  NOTHING_ASKED,
  follow,
  joinDesk,
  narrowLimits,
  openHome,
  openInvitation,
  openKeys,
  openSignalStream,
  ownerLimits,
  sealKeys,
  skipCodes,
  startClient,
  switchTrading,
  tryBrokerKeys,
} = await import(place);
