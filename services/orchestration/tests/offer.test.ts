import { describe, expect, it } from '@jest/globals';
import { createResources } from '../src/resources.ts';
import type { Services } from '../src/services.ts';
import { CYCLE_ID, POSITION_ID } from './fleet-behind.ts';
import { call, client, fleet, serveMcp } from './serve-mcp.ts';

const TOOLS = [
  'start_trading_session',
  'stop_trading_session',
  'halt_trading',
  'get_cycle_status',
  'get_positions',
  'get_alerts',
  'get_scan_results',
  'get_candidate_analysis',
  'list_proposals',
  'approve_proposal',
  'reject_proposal',
  'execute_trade',
  'close_position',
  'update_risk_parameter',
  'get_risk_status',
  'get_performance_report',
  'get_trade_journal',
];

serveMcp();

describe('what is offered', () => {
  it('is the ten tools of v6.0 and seven more, with small schemas and honest hints', async () => {
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(TOOLS);
    for (const tool of tools) {
      expect(JSON.stringify(tool.inputSchema).length).toBeLessThan(1500);
      const isRead = /^(get|list)_/.test(tool.name);
      expect(tool.annotations!.readOnlyHint).toBe(isRead);
      expect(tool.annotations!.destructiveHint).toBe(!isRead);
    }
  });
  it('tells a model that is shown no resources the same by a tool: each resource names one', async () => {
    const { tools } = await client.listTools();
    const reading = tools.filter(({ annotations }) => annotations!.readOnlyHint);
    for (const { uri, tool } of createResources({} as Services))
      expect([uri, reading.map(({ name }) => name)]).toEqual([uri, expect.arrayContaining([tool])]);
  });
  it('is the nine resources of v6.0, each of them readable JSON that says replay', async () => {
    const [{ resources }, { resourceTemplates }] = await Promise.all([
      client.listResources(),
      client.listResourceTemplates(),
    ]);
    expect(
      [
        ...resources.map(({ uri }) => uri),
        ...resourceTemplates.map(({ uriTemplate }) => uriTemplate),
      ].toSorted(),
    ).toEqual([
      'catalyst://alerts/active',
      'catalyst://market-scan/candidates/{symbol}',
      'catalyst://market-scan/latest',
      'catalyst://performance/daily',
      'catalyst://performance/weekly',
      'catalyst://positions/current',
      'catalyst://positions/{position_id}/status',
      'catalyst://trading-cycle/current',
      'catalyst://trading-cycle/{cycle_id}/timeline',
    ]);
    const uris = [
      ...resources.map(({ uri }) => uri),
      `catalyst://trading-cycle/${CYCLE_ID}/timeline`,
      'catalyst://market-scan/candidates/ACME',
      `catalyst://positions/${POSITION_ID}/status`,
    ];
    for (const uri of uris) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(content).toMatchObject({ uri, mimeType: 'application/json' });
      expect(JSON.parse((content as { text: string }).text)).toMatchObject({ mode: 'replay' });
    }
  });
  it('has a scan that is short: the candidates, and where the others ended', async () => {
    const [content] = (await client.readResource({ uri: 'catalyst://market-scan/latest' }))
      .contents;
    const scan = JSON.parse((content as { text: string }).text);
    expect(scan.results).toEqual([expect.objectContaining({ symbol: 'ACME' })]);
    expect(scan.left_out).toEqual({ catalyst: ['BOLT'] });
  });
  it('says of a desk that has no cycle yet when the exchange is open again, instead of failing', async () => {
    fleet.setHasCycle(false);
    const [content] = (await client.readResource({ uri: 'catalyst://trading-cycle/current' }))
      .contents;
    fleet.setHasCycle(true);
    expect(JSON.parse((content as { text: string }).text)).toMatchObject({
      cycle: null,
      market: {
        session: 'closed',
        closed_because: 'the exchange is closed on 2026-03-28',
        next_session: { trade_date: '2026-03-30' },
      },
    });
  });
  it('has a clear answer for a resource that is not there, and for one whose subject is not', async () => {
    await expect(client.readResource({ uri: 'catalyst://nothing/here' })).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('catalyst://nothing/here'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/ZZZZ' }),
    ).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('the last scan has no ZZZZ'),
    });
    await expect(
      client.readResource({ uri: 'catalyst://market-scan/candidates/../../x' }),
    ).rejects.toMatchObject({ code: -32002 });
  });
  it('answers every reading tool with words and structure, and with the mode in both', async () => {
    for (const name of [
      'get_cycle_status',
      'get_positions',
      'get_alerts',
      'list_proposals',
      'get_scan_results',
      'get_risk_status',
      'get_performance_report',
      'get_trade_journal',
    ]) {
      const { text, data, isError } = await call(name);
      expect([name, isError, data.mode]).toEqual([name, undefined, 'replay']);
      expect(text).toMatch(/^\[REPLAY\] /);
    }
    expect((await call('get_candidate_analysis', { symbol: 'acme' })).data).toMatchObject({
      result: { symbol: 'ACME', composite_score: 0.83 },
    });
    expect((await call('get_performance_report', { period: 'weekly' })).text).toContain(
      'profit factor n/a (no losing trade to divide by)',
    );
    expect((await call('get_scan_results', { include: 'all' })).data).toMatchObject({ total: 2 });
  });

  it('a scan of a day in less than 1,500 tokens, text and structure together', async () => {
    fleet.setFullScan();
    const { content, structuredContent } = await call('get_scan_results');
    expect(structuredContent).toMatchObject({ total: 5 });
    // a token of English and JSON is some 3.5 characters
    const characters = JSON.stringify([content, structuredContent]).length;
    expect(characters / 3.5).toBeLessThan(1500);
    expect((await call('get_candidate_analysis', { symbol: 'ACME' })).isError).toBe(undefined);
  });
});
