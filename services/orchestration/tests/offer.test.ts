import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';
import { createTools } from '../src/tools/create-tools.ts';
import type { Services } from '../src/services.ts';
import { renderTools } from '../write-tools.ts';
import { CYCLE_ID, POSITION_ID } from './fleet-behind/desk-rows.ts';

const V6 = [
  'start_trading_session',
  'stop_trading_session',
  'get_scan_results',
  'get_candidate_analysis',
  'execute_trade',
  'close_position',
  'update_risk_parameter',
  'get_risk_status',
  'get_performance_report',
  'get_trade_journal',
];
const TOOLS = createTools(
  {} as Services,
  { read: () => Promise.reject(new Error('nobody asks')) },
  async () => {},
  async () => new Map(),
  () => {},
);
/** A token of English and JSON is some 3.5 characters. */
const tokens = (value: unknown): number => JSON.stringify(value).length / 3.5;

serveMcp();

describe('what is offered', () => {
  it('has the ten tools of v6.0, at most 28 by default, each with small schemas and honest hints', async () => {
    const { tools } = await client.listTools();
    const names = tools.map((tool) => tool.name);
    expect(names).toEqual(expect.arrayContaining(V6));
    expect(names.length).toBeLessThanOrEqual(28);
    for (const tool of tools) {
      expect(JSON.stringify(tool.inputSchema).length).toBeLessThan(1500);
      expect(JSON.stringify(tool)).not.toMatch(/"(pattern|format)":"/);
      const isRead = /^(get|list|explain|preview)_/.test(tool.name);
      expect([tool.name, tool.annotations]).toEqual([
        tool.name,
        {
          title: tool.title,
          readOnlyHint: isRead,
          destructiveHint: expect.any(Boolean),
          idempotentHint: expect.any(Boolean),
          openWorldHint: expect.any(Boolean),
        },
      ]);
      if (isRead) expect(tool.annotations!.destructiveHint).toBe(false);
      expect(tool.outputSchema).toMatchObject({
        type: 'object',
        required: expect.arrayContaining(['mode', 'trading_state']),
      });
      expect(tool.description!.length).toBeGreaterThan(60);
      expect(tool.description!.length).toBeLessThan(450);
    }
    // what a model carries through the whole conversation
    expect(tokens(tools.map(({ outputSchema: _, ...rest }) => rest))).toBeLessThan(6500);
  });
  it('asks of each tool the scope that its harm needs', () => {
    const scopes = Object.fromEntries(TOOLS.map(({ name, scope }) => [name, scope]));
    for (const { name, annotations, scope } of TOOLS)
      if (annotations.readOnlyHint && name !== 'preview_trade')
        expect([name, scope]).toEqual([name, 'read']);
    for (const name of ['execute_trade', 'approve_proposal', 'close_position', 'flatten_all'])
      expect([name, scopes[name]]).toEqual([name, 'trade']);
    for (const name of ['preview_trade', 'pause_trading', 'halt_trading', 'update_risk_parameter'])
      expect([name, scopes[name]]).toEqual([name, 'propose']);
  });
  it('is listed in the documents as it is', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/claude-tools.md'), 'utf8')).toBe(
      renderTools(),
    );
  });
  it('has the nine resources of v6.0 and those of the other reads, each readable JSON that says replay', async () => {
    const [{ resources }, { resourceTemplates }] = await Promise.all([
      client.listResources(),
      client.listResourceTemplates(),
    ]);
    const all = [
      ...resources.map(({ uri }) => uri),
      ...resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ];
    expect(all).toEqual(
      expect.arrayContaining([
        'catalyst://alerts/active',
        'catalyst://market-scan/candidates/{symbol}',
        'catalyst://market-scan/latest',
        'catalyst://performance/daily',
        'catalyst://performance/weekly',
        'catalyst://positions/current',
        'catalyst://positions/{position_id}/status',
        'catalyst://trading-cycle/current',
        'catalyst://trading-cycle/{cycle_id}/timeline',
      ]),
    );
    // pages of apps are no views of tools: positions-app.test.ts
    const uris = all
      .filter((uri) => uri.startsWith('catalyst://'))
      .map((uri) =>
        uri
          .replace('{cycle_id}', CYCLE_ID)
          .replace('{symbol}', 'ACME')
          .replace('{position_id}', POSITION_ID)
          .replace('{trade_date}', '2026-03-09'),
      );
    for (const uri of uris) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(content).toMatchObject({ uri, mimeType: 'application/json' });
      expect(JSON.parse((content as { text: string }).text)).toMatchObject({ mode: 'replay' });
    }
  });
  it('says of a desk that has no cycle yet when the exchange is open again, instead of failing', async () => {
    fleet.setHasCycle(false);
    const [content] = (await client.readResource({ uri: 'catalyst://trading-cycle/current' }))
      .contents;
    fleet.setHasCycle(true);
    expect(JSON.parse((content as { text: string }).text)).toMatchObject({
      cycle: null,
      session: null,
      market: {
        session: 'closed',
        closed_because: 'the exchange is closed on 2026-03-28',
        next_session: { trade_date: '2026-03-30' },
      },
    });
  });
  it('has a clear answer for a resource that is not there, and for one whose subject is not', async () => {
    await expect(client.readResource({ uri: 'catalyst://nothing/here' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('catalyst://nothing/here'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/ZZZZ' }),
    ).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('the last scan has no ZZZZ'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/../../x' }),
    ).rejects.toMatchObject({ code: -32602 });
  });
  it('answers every read in less than 1,500 tokens, words and structure together', async () => {
    fleet.setFullScan();
    const reads = TOOLS.filter(({ annotations }) => annotations.readOnlyHint);
    for (const { name } of reads) {
      const given = /symbol|candidate/.test(name)
        ? { symbol: 'ACME' }
        : name === 'preview_trade'
          ? { symbol: 'ACME', side: 'buy' }
          : {};
      const { content, structuredContent, isError } = await call(name, given);
      expect([name, isError]).toEqual([name, undefined]);
      expect([name, tokens([content, structuredContent]) < 1500]).toEqual([name, true]);
      // no number has more decimals than say something
      expect([name, JSON.stringify([content, structuredContent])]).toEqual([
        name,
        expect.not.stringMatching(/\d\.\d{5}/),
      ]);
    }
    expect((await call('get_scan_results', { include: 'all' })).data).toMatchObject({
      total: 100,
      next: expect.stringContaining('scan all'),
    });
    let next: unknown = (await call('get_scan_results', { include: 'all', limit: 25 })).data.next;
    for (let page = 2; page <= 4; page += 1) {
      const given = { include: 'all', limit: 25, cursor: next };
      ({ next } = (await call('get_scan_results', given)).data);
      expect([page, next === null]).toEqual([page, page === 4]);
    }
  });
});

describe('every answer', () => {
  it('says of which desk, session and moment it is, and why trading is stopped: errors too', async () => {
    fleet.setStanding({ state: 'halted', reason: 'a person halted it: strange tape' });
    const answers = [
      await call('get_positions'),
      await call('get_scan_results'),
      await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity: 10 }),
      await call('close_position', { symbol: 'NONE', reason: 'not held' }),
    ];
    fleet.setStanding(null);
    const unknown = await call('get_positions');
    fleet.setStanding({ state: 'active', reason: 'armed' });
    for (const { head, data } of answers) {
      expect(head).toContain(
        '[REPLAY] 10:00 New York · trading halted (a person halted it: strange tape) · supervised session of 2026-03-10 trading · exchange regular',
      );
      expect(data).toMatchObject({
        mode: 'replay',
        now: '2026-03-10T14:00:00.000Z',
        trading_state: 'halted',
        trading_reason: 'a person halted it: strange tape',
        session: { trade_date: '2026-03-10', session_mode: 'supervised' },
      });
    }
    expect(answers[1]!.data).toMatchObject({ data_age_seconds: 0 });
    // an act that would be in vain says so in words
    expect(answers[2]!.text).toContain('nothing is entered until the operator resumes or arms it');
    expect(answers[3]!.isError).toBe(true);
    expect(unknown.head).toContain('trading unknown (risk does not answer)');
  });
});
