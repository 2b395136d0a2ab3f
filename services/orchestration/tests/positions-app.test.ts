import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { RESOURCE_MIME_TYPE, RESOURCE_URI_META_KEY } from '@modelcontextprotocol/ext-apps/server';
import { buildApp } from '../build-app.ts';
import { VIEW, VIEW_KEY, VIEW_TYPE, views } from '../src/tools/views.ts';
import { findChromium, openPage, type Page } from './app/chromium.ts';
import { serveHost } from './app/serve-host.ts';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, client, fleet, KEY, mcpUrl, serveMcp } from './serve-mcp.ts';

const PROPOSER = 'a-key-that-may-propose-only';
const [{ html }] = views as [(typeof views)[number]];
const chromium = findChromium();
/** Where somebody wants to look at what was drawn. */
const PICTURES = process.env.CATALYST_PICTURES;

serveMcp();

describe('the page of the positions', () => {
  it('is built from its sources as it is kept', async () => {
    expect(await buildApp()).toBe(html);
  });
  it('loads nothing, opens nothing and reads no text as markup', () => {
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(html).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttpRequest|WebSocket|import\(|DOMParser/,
    );
    expect(html.length).toBeLessThan(40_000);
  });
  it('is named by the tool whose answer it shows, under both keys, and read as the type for apps', async () => {
    expect([VIEW_TYPE, VIEW_KEY]).toEqual([RESOURCE_MIME_TYPE, RESOURCE_URI_META_KEY]);
    const { tools } = await client.listTools();
    expect(tools.filter(({ _meta }) => _meta).map(({ name, _meta }) => [name, _meta])).toEqual([
      [
        'get_positions',
        { ui: { resourceUri: VIEW.positions }, [RESOURCE_URI_META_KEY]: VIEW.positions },
      ],
    ]);
    const listed = (await client.listResources()).resources.find(
      ({ uri }) => uri === VIEW.positions,
    );
    const [content] = (await client.readResource({ uri: VIEW.positions })).contents;
    for (const shown of [listed, content])
      expect(shown).toMatchObject({
        mimeType: RESOURCE_MIME_TYPE,
        _meta: { ui: { csp: { connectDomains: [], resourceDomains: [] } } },
      });
    expect(content).toMatchObject({ text: html });
  });
});

describe('a host without apps', () => {
  it('gets words by default, and a picture where it asks for one', async () => {
    const plain = await call('get_positions', { symbol: 'ACME' });
    expect(plain.content.map(({ type }) => type)).toEqual(['text']);
    const { content, data } = await call('get_positions', { symbol: 'ACME', chart: 'picture' });
    expect(content.map(({ type }) => type)).toEqual(['text', 'image']);
    const { data: png, mimeType } = content[1] as { data: string; mimeType: string };
    expect([mimeType, Buffer.from(png, 'base64').subarray(1, 4).toString()]).toEqual([
      'image/png',
      'PNG',
    ]);
    expect(data).not.toHaveProperty('chart');
  });
  it('is told of which position a picture is to be where it names none', async () => {
    const { isError, text } = await call('get_positions', { chart: 'picture' });
    expect([isError, text]).toEqual([true, expect.stringContaining('name it by position_id')]);
  });
  it('has what a picture is drawn from on the tick', async () => {
    const { data } = await call('get_positions', { position_id: POSITION_ID, chart: 'points' });
    expect(data.chart).toMatchObject({
      symbol: 'ACME',
      entry: { price: 45.1 },
      target: 47.3,
      last: { price: 46 },
      is_closed: false,
    });
    const { bars, stops } = data.chart as unknown as { bars: { close: number }[]; stops: object[] };
    expect(bars).toHaveLength(10);
    expect(bars[1]!.close).toBe(44.97);
    expect(stops).toMatchObject([{ price: 44 }, { price: 44.5 }]);
  });
});

describe('a preview of a close', () => {
  it('sends nothing, says what it would bring, and whether this key may do it', async () => {
    const { text, data } = await call('preview_trade', { position_id: POSITION_ID });
    expect(text).toContain(
      'Nothing was sent. Closing would sell 100 ACME at market: about $4,600.00',
    );
    expect(data).toMatchObject({
      status: 'confirmation_required',
      closing: { qty: '100', side: 'sell', value_usd: '4600.00', may_execute: true },
    });
    const mixed = await call('preview_trade', { position_id: POSITION_ID, symbol: 'ACME' });
    expect(mixed.text).toContain('a close is previewed by position_id');
    expect(fleet.workflow.asked.filter(({ route }) => route === 'closePosition')).toEqual([]);
  });
});

(chromium ? describe : describe.skip)(
  'in a host of the package for hosts, in Chromium (left out where there is none)',
  () => {
    let host: Awaited<ReturnType<typeof serveHost>>;
    let page: Page;
    const words = () => page.inFrame<string>('document.body.innerText');
    const press = (label: string) =>
      page.inFrame<boolean>(
        `(() => { const found = [...document.querySelectorAll('button')].find((one) => one.textContent === ${JSON.stringify(label)}); found?.click(); return found !== undefined; })()`,
      );
    const closes = () =>
      fleet.workflow.asked.filter(({ route }) => route === 'closePosition').length;
    const untilShown = (part: string) =>
      eventually(async () => expect(await words()).toContain(part), 20_000);
    const shoot = async (name: string): Promise<void> => {
      if (!PICTURES) return;
      mkdirSync(PICTURES, { recursive: true });
      writeFileSync(join(PICTURES, `${name}.png`), await page.picture());
    };

    beforeAll(async () => {
      fleet.letIn('proposer', PROPOSER, { scopes: ['read', 'propose'] });
      fleet.setStanding({
        state: 'reducing',
        reason: '<img src=x onerror="parent.hacked=1"> strange',
      });
      host = await serveHost(mcpUrl(), html);
      page = await openPage(chromium!, `${host.url}?key=${KEY}&theme=light`);
      await page.resize(900, 760);
    }, 60_000);
    afterAll(async () => {
      fleet.setStanding({ state: 'active', reason: 'armed' });
      await page?.close();
      await host?.close();
    });

    it('shows what is held with its chart, on a desk and on a phone, light and dark, and outside words as words', async () => {
      await untilShown('ACME long 100');
      await eventually(async () =>
        expect(
          await page.inFrame('document.querySelectorAll(".chart svg text").length'),
        ).toBeGreaterThan(8),
      );
      expect(await words()).toContain('trading reducing (<img src=x');
      expect(await page.inFrame('document.querySelectorAll("img").length')).toBe(0);
      expect(await page.inFrame('document.querySelector("svg desc").textContent')).toContain(
        'Stop 44.00 from 10:00',
      );
      await shoot('desk-light');
      expect(await page.evaluate('told')).toMatchObject({
        uri: VIEW.positions,
        sizes: expect.any(Number),
      });

      await page.resize(360, 760);
      const fits = 'document.documentElement.scrollWidth <= innerWidth';
      await eventually(async () =>
        expect(
          await page.inFrame('document.querySelector(".chart svg").getBoundingClientRect().width'),
        ).toBeLessThan(340),
      );
      expect(await page.inFrame(fits)).toBe(true);
      await shoot('phone-light');
      await page.evaluate('setTheme("dark")');
      await eventually(async () =>
        expect(await page.inFrame('document.documentElement.dataset.theme')).toBe('dark'),
      );
      expect(await page.inFrame('getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(22, 25, 29)',
      );
      await shoot('phone-dark');
      await page.resize(900, 760);
      await shoot('desk-dark');
    }, 60_000);
    it('previews a close with the first press, keeps it with one, and closes once with another', async () => {
      expect(await press('Preview closing ACME')).toBe(true);
      await untilShown('Closing would sell 100 ACME at market');
      await shoot('preview-dark');
      expect(closes()).toBe(0);
      expect(await press('Keep it')).toBe(true);
      expect(await press('Preview closing ACME')).toBe(true);
      await untilShown('Close ACME now');
      fleet.setClosed({ status: 'closed', exit_price: '46.02', realized_pnl_usd: '92' });
      await page.inFrame(
        '(() => { const button = document.querySelector("button.danger"); button.click(); button.click(); })()',
      );
      await eventually(() => expect(closes()).toBe(1));
      fleet.setClosed({});
      expect(
        fleet.workflow.asked.find(({ route }) => route === 'closePosition')!.body,
      ).toMatchObject({
        by: 'mcp:claude',
        reason: 'closed by a person from the positions page',
      });
    }, 60_000);
    it('takes what the host tells later, and lets itself be taken down', async () => {
      fleet.setHeldQty('60');
      await page.evaluate('tellAgain()');
      await untilShown('ACME long 60');
      fleet.setHeldQty('100');
      expect(await page.evaluate('teardown()')).toEqual({});
    }, 60_000);
    it('offers no second press to a key that may not trade', async () => {
      await page.evaluate(`location.replace(${JSON.stringify(`${host.url}?key=${PROPOSER}`)})`);
      await untilShown('Preview closing ACME');
      const before = closes();
      await press('Preview closing ACME');
      await untilShown('This key may not close: that needs the scope trade.');
      expect(await page.inFrame('document.querySelectorAll("button.danger").length')).toBe(0);
      expect(closes()).toBe(before);
    }, 60_000);
    it('breaks no rule of the policy that its host sets, and says nothing on the console', () => {
      expect(page.complaints).toEqual([]);
    });
  },
);
