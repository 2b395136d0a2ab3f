import { BY_PAGE, drawPosition, type PositionPicture } from '@catalyst/charts';
import { mayExecute, pictureOf, wordsOf, type Held } from './answers.ts';
import { make, toSvg } from './elements.ts';
import type { Host, ToolResult } from './host.ts';

const REASON = 'closed by a person from the positions page';
/** Narrower than this a picture's words would not stand beside its lines. */
const LEAST_WIDTH = 300;

const dollars = (value: string): string => {
  const amount = Number(value);
  const shown = Math.abs(amount).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${amount < 0 ? '-' : '+'}$${shown}`;
};

const facts = (held: Held): HTMLElement => {
  const age = held.price_age_seconds;
  const pairs: [string, string][] = [
    ['Entry', held.entry_price ?? 'not yet'],
    [
      'Last',
      `${held.last_price ?? 'unknown'}${age !== null && age >= 60 ? ` (${Math.round(age / 60)} min old)` : ''}`,
    ],
    ['Stop', held.live_stop_price ?? 'none live'],
    ['Target', held.live_target_price ?? 'none live'],
    ['Lost at the stop', held.risk_usd === null ? 'unknown' : `$${held.risk_usd}`],
  ];
  return make(
    'dl',
    {},
    ...pairs.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
  );
};

/** One position: what is known of it, its picture, and a button that previews its close. */
export const showPosition = (held: Held, host: Host, onClosed: () => void) => {
  const chart = make('div', { class: 'chart' });
  const actions = make('div', { class: 'actions', 'aria-live': 'polite' });
  let picture: PositionPicture | null = null;
  let drawnWidth = 0;

  const draw = (): void => {
    if (!picture) return;
    const width = Math.max(LEAST_WIDTH, Math.floor(chart.clientWidth));
    drawnWidth = width;
    const height = width < 520 ? 260 : 320;
    chart.replaceChildren(
      toSvg(
        drawPosition(picture, { palette: BY_PAGE, width, height, id: `p-${held.position_id}` }),
      ),
    );
  };
  const say = (words: string, ...more: HTMLElement[]): void =>
    actions.replaceChildren(make('p', {}, words), ...more);
  const button = (words: string, kind: string, press: () => void): HTMLElement => {
    const made = make('button', { type: 'button', class: kind }, words);
    made.addEventListener('click', press, { once: true });
    return made;
  };
  const ask = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      say(`It is not known whether that arrived: ${(error as Error).message}.`, close());
    }
  };
  const execute = (): Promise<void> =>
    ask(async () => {
      say(`Closing ${held.symbol} …`);
      const result = await host.call('close_position', {
        position_id: held.position_id,
        reason: REASON,
      });
      say(wordsOf(result));
      if (result.isError) actions.append(close());
      else onClosed();
    });
  const preview = (): Promise<void> =>
    ask(async () => {
      say(`Asking what closing ${held.symbol} would bring …`);
      const result: ToolResult = await host.call('preview_trade', {
        position_id: held.position_id,
      });
      // what is for a model to do next is not for the person who reads this
      const [words] = wordsOf(result).split('\n') as [string];
      if (result.isError) return say(words, close());
      if (!mayExecute(result))
        return say(`${words} This key may not close: that needs the scope trade.`, close());
      say(
        words,
        button(`Close ${held.symbol} now`, 'danger', () => void execute()),
        button('Keep it', 'plain', () => actions.replaceChildren(close())),
      );
    });
  const close = (): HTMLElement =>
    button(`Preview closing ${held.symbol}`, 'plain', () => void preview());

  if (host.mayCall && held.status === 'open') actions.replaceChildren(close());
  const gain = held.status === 'closed' ? held.realized_pnl_usd : held.unrealized_pnl_usd;
  const card = make(
    'article',
    { 'aria-label': `${held.symbol} ${held.direction}` },
    make(
      'header',
      {},
      make('h2', {}, `${held.symbol} ${held.direction} ${held.qty}`),
      make('strong', { class: Number(gain) < 0 ? 'loss' : 'gain' }, dollars(gain)),
    ),
    held.is_protected || held.status === 'closed'
      ? null
      : make('p', { class: 'warning' }, `Not protected: ${held.status}`),
    facts(held),
    chart,
    actions,
  );
  return {
    card,
    /** Draws again where the room for it has changed. */
    fit: (): void => {
      if (Math.floor(chart.clientWidth) !== drawnWidth) draw();
    },
    load: async (): Promise<void> => {
      if (!host.mayCall) return;
      try {
        const answer = await host.call('get_positions', {
          position_id: held.position_id,
          chart: 'points',
        });
        picture = pictureOf(answer);
        if (picture) draw();
        else chart.replaceChildren(make('p', { class: 'muted' }, wordsOf(answer)));
      } catch (error) {
        chart.replaceChildren(
          make('p', { class: 'muted' }, `No chart: ${(error as Error).message}.`),
        );
      }
    },
  };
};
