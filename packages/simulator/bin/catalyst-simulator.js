#!/usr/bin/env node
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(`catalyst-simulator needs Node 22.12 or later, this is ${process.version}`);
  process.exit(1);
}

// as ../entry.js: the sources in the checkout, what was built from them in the packed module
await import(
  existsSync(new URL('../src/main.ts', import.meta.url)) ? '../src/main.ts' : '../dist/main.js'
);
