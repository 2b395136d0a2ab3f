import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import {
  deskStatuses,
  guardOf,
  isEnded,
  isWorking,
  nextStatus,
  orderStages,
  positionStatus,
  stageOf,
  toldOrderStatus,
  type DeskStatus,
  type ExitOrder,
  type OrderStage,
  type ToldBy,
} from '@catalyst/domain';

const page = join(import.meta.dirname, '../../../docs/order-life.md');

const TOLD = toldOrderStatus.options.filter((status) => status !== 'unknown');
const STAGES = Object.keys(orderStages) as OrderStage[];
const ageOf = (stage: OrderStage): number => STAGES.indexOf(stage);

/** Statuses that a word of the broker leads to. */
const ledTo = (known: DeskStatus, by: ToldBy): DeskStatus[] =>
  TOLD.filter((told) => told !== known && nextStatus(known, told, by) === told);

/** Stage to stage, without those ways that others amount to. */
const stageEdges = (by: ToldBy, isWay: (from: OrderStage, to: OrderStage) => boolean): string[] => {
  const ways = new Set(
    deskStatuses.flatMap((from) =>
      ledTo(from, by)
        .map((to) => [stageOf(from), stageOf(to)] as const)
        .filter(([a, b]) => isWay(a, b))
        .map(([a, b]) => `${a} ${b}`),
    ),
  );
  const has = (from: OrderStage, to: OrderStage): boolean => ways.has(`${from} ${to}`);
  return [...ways].filter((way) => {
    const [from, to] = way.split(' ') as [OrderStage, OrderStage];
    return !STAGES.some((between) => has(from, between) && has(between, to));
  });
};

const orderDiagram = (): string =>
  [
    '```mermaid',
    'stateDiagram-v2',
    ...STAGES.map((stage) => `  ${stage}: ${orderStages[stage].join(', ')}`),
    '  [*] --> meant',
    ...(nextStatus('intended', 'unknown', 'stream') === 'unknown'
      ? ['  meant --> unclear: a word that nobody knows']
      : []),
    ...stageEdges('stream', (from, to) => ageOf(to) > ageOf(from)).map(
      (way) => `  ${way.replace(' ', ' --> ')}`,
    ),
    ...stageEdges('rest', (from, to) => ageOf(to) < ageOf(from)).map(
      (way) => `  ${way.replace(' ', ' --> ')}: asked`,
    ),
    '  ended --> [*]',
    '```',
  ].join('\n');

const orderTable = (): string =>
  [
    '| status | stage | may fill | the stream leads to | an answer leads to, too |',
    '| --- | --- | --- | --- | --- |',
    ...deskStatuses.map((status) => {
      const streamed = ledTo(status, 'stream');
      const asked = ledTo(status, 'rest').filter((one) => !streamed.includes(one));
      const words = (list: readonly string[]): string =>
        list.length === TOLD.length ? 'any' : list.join(', ');
      const fills = isWorking(status) ? 'yes' : isEnded(status) ? 'no' : 'not as it stands';
      return `| \`${status}\` | ${stageOf(status)} | ${fills} | ${words(streamed)} | ${words(asked)} |`;
    }),
  ].join('\n');

interface Facts {
  is_held: boolean;
  has_live_entry: boolean;
  is_asked: boolean;
  has_stop: boolean;
  has_exit: boolean;
}
const exitOrder = (role: 'stop' | 'exit'): ExitOrder => ({
  client_order_id: role,
  parent_client_order_id: null,
  role,
  status: 'new',
  qty: '1',
  filled_qty: '0',
});
const nameOf = ({ is_held, has_live_entry, is_asked, has_stop, has_exit }: Facts): string => {
  const qty = is_held ? '1' : '0';
  const status = positionStatus({ qty, has_live_entry, exit_asked: is_asked ? 'manual' : null });
  const guard = guardOf(qty, [
    ...(has_stop ? [exitOrder('stop')] : []),
    ...(has_exit ? [exitOrder('exit')] : []),
  ]);
  return guard === 'nothing_held' ? status : `${status}_${guard}`;
};
const GONE = { is_held: false, has_stop: false, has_exit: false };
/** What may happen to a position, where it may; null where it may not. */
const HAPPENS: readonly (readonly [string, (facts: Facts) => Facts | null])[] = [
  ['filled', (f) => (f.has_live_entry && !f.is_held ? { ...f, is_held: true } : null)],
  ['entry ends', (f) => (f.has_live_entry ? { ...f, has_live_entry: false } : null)],
  ['stop is live', (f) => (f.is_held && !f.has_stop ? { ...f, has_stop: true } : null)],
  ['stop is gone', (f) => (f.has_stop ? { ...f, has_stop: false } : null)],
  ['exit asked', (f) => (f.is_asked ? null : { ...f, is_asked: true })],
  ['exit withdrawn', (f) => (f.is_asked && !f.has_exit ? { ...f, is_asked: false } : null)],
  [
    'exit at the broker',
    (f) => (f.is_asked && f.is_held && !f.has_exit ? { ...f, has_exit: true } : null),
  ],
  ['exit ends', (f) => (f.has_exit ? { ...f, has_exit: false } : null)],
  ['shares gone', (f) => (f.is_held ? { ...f, ...GONE } : null)],
];

const positionDiagram = (): string => {
  const begin: Facts = { ...GONE, has_live_entry: true, is_asked: false };
  const edges = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const visit = (facts: Facts): void => {
    const key = JSON.stringify(facts);
    if (seen.has(key) || nameOf(facts) === 'closed') return;
    seen.add(key);
    for (const [event, happen] of HAPPENS) {
      const next = happen(facts);
      if (next === null) continue;
      const [from, to] = [nameOf(facts), nameOf(next)];
      if (from !== to) {
        const way = `${from} --> ${to}`;
        edges.set(way, (edges.get(way) ?? new Set()).add(event));
      }
      visit(next);
    }
  };
  visit(begin);
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> opening',
    ...[...edges].map(([way, events]) => `  ${way}: ${[...events].join(', ')}`),
    '  closed --> [*]',
    '```',
  ].join('\n');
};

const PARTS = {
  'order diagram': orderDiagram,
  'order table': orderTable,
  'position diagram': positionDiagram,
};

it('the page on the life of orders has the machines that the code has; WRITE_DOCS=1 writes them', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = Object.entries(PARTS).reduce((written, [name, make]) => {
    const part = new RegExp(`(<!-- ${name}, from the code -->\n)[^]*?(\n<!-- end of ${name} -->)`);
    expect(written).toMatch(part);
    return written.replace(part, (_, from: string, to: string) => from + make() + to);
  }, text);
  if (process.env.WRITE_DOCS === '1') writeFileSync(page, wanted);
  expect(readFileSync(page, 'utf8')).toBe(wanted);
});
