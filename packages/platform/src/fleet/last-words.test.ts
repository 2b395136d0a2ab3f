import { expect, it } from '@jest/globals';
import { lastWords } from './last-words.ts';

it('tells log lines as sentences, and neither JSON nor a stack', () => {
  const log = [
    '{"event":"service_ready","port":5005,"level":"info"}',
    '{"event":"database_away","reason":"connect ECONNREFUSED","level":"warn"}',
    '{"event":"service_crashed","error":{"name":"AppError","message":"alpaca did not answer account (ENOTFOUND)","code":"VENDOR_UNAVAILABLE","stack":"AppError: alpaca did\\n    at read (/x.ts:1:1)"},"level":"error"}',
    '{"event":"service_cra',
    'trading cannot start: the configuration has 1 fault:',
    '  - PORT is not set',
    'node:internal/modules/run_main:107',
    '    throw err;',
    '    ^',
    'TypeError: x is not a function',
    '    at start (/x.ts:3:4)',
    'Node.js v24.21.0',
    '',
  ].join('\n');
  expect(lastWords(log).split('\n')).toEqual([
    'database_away: connect ECONNREFUSED',
    'alpaca did not answer account (ENOTFOUND)',
    'trading cannot start: the configuration has 1 fault:',
    '  - PORT is not set',
    'TypeError: x is not a function',
  ]);
});
