#!/usr/bin/env node
import { existsSync } from 'node:fs';
import checkNode from '../node-version.cjs';

try {
  checkNode('catalyst-simulator');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// as ../entry.js: the sources in the checkout, what was built from them in the packed module
await import(
  existsSync(new URL('../src/main.ts', import.meta.url)) ? '../src/main.ts' : '../dist/main.js'
);
