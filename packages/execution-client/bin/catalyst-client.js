#!/usr/bin/env node
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`catalyst-client needs Node 22.13 or later, this is ${process.versions.node}`);
  process.exit(1);
}
// the sources in the checkout, what was built from them in the packed module
await import(
  existsSync(new URL('../src/main.ts', import.meta.url)) ? '../src/main.ts' : '../dist/main.js'
);
