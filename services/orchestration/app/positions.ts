import { deskOf, wordsOf, type Desk } from './answers.ts';
import { make } from './elements.ts';
import { connectHost, type Host, type HostContext, type ToolResult } from './host.ts';
import { showPosition } from './show-position.ts';

/** As often as prices change what a person decides; a key's budget bears it many times over. */
const REFRESH_MS = 60_000;

const root = document.getElementById('positions')!;
let host: Host | null = null;
let early: ToolResult | null = null;
let shown: ReturnType<typeof showPosition>[] = [];

const applyContext = ({ theme, styles, safeAreaInsets: inset }: HostContext): void => {
  const { style, dataset } = document.documentElement;
  if (theme) dataset.theme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (name.startsWith('--') && value) style.setProperty(name, value);
  if (inset)
    document.body.style.padding = `${inset.top}px ${inset.right}px ${inset.bottom}px ${inset.left}px`;
};

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
});
const head = ({ mode, now, trading_state, trading_reason, session }: Desk): HTMLElement =>
  make(
    'header',
    { class: 'desk' },
    make('span', { class: `mode ${mode === 'live' ? 'live' : ''}` }, mode.toUpperCase()),
    make(
      'span',
      {},
      [
        now === null ? 'time unknown' : `${CLOCK.format(new Date(now))} New York`,
        `trading ${trading_state}${trading_state === 'active' ? '' : ` (${trading_reason})`}`,
        session ? `${session.session_mode} session, ${session.state}` : 'no session',
      ].join(' · '),
    ),
  );

const refresh = async (): Promise<void> => {
  if (!host?.mayCall) return;
  try {
    show(await host.call('get_positions', {}));
  } catch (error) {
    root.prepend(make('p', { class: 'warning' }, `Not up to date: ${(error as Error).message}.`));
  }
};

const show = (result: ToolResult): void => {
  if (!host) {
    early = result;
    return;
  }
  const desk = deskOf(result);
  if (!desk) {
    root.replaceChildren(make('p', { class: 'warning' }, wordsOf(result) || 'No answer yet.'));
    return;
  }
  const { mayCall } = host;
  shown = desk.positions.map((held) => showPosition(held, host!, () => void refresh()));
  const again = make('button', { type: 'button', class: 'plain' }, 'Refresh');
  again.addEventListener('click', () => void refresh());
  root.replaceChildren(
    head(desk),
    ...(shown.length === 0
      ? [make('p', { class: 'muted' }, 'Nothing is held.')]
      : shown.map(({ card }) => card)),
    mayCall
      ? again
      : make(
          'p',
          { class: 'muted' },
          'This host does not let the page ask the desk: no charts, no buttons.',
        ),
  );
  for (const position of shown) void position.load();
};

/** Nothing that a person is about to confirm is taken from under the finger. */
const isAsked = (): boolean => document.querySelector('button.danger') !== null;

const start = async (): Promise<void> => {
  const connected = await connectHost({
    onContext: applyContext,
    onResult: show,
    onCancelled: (reason) => {
      root.replaceChildren(
        make('p', { class: 'muted' }, `Cancelled${reason ? `: ${reason}` : ''}.`),
      );
    },
  });
  host = connected;
  if (early) show(early);
  new ResizeObserver(() => {
    for (const position of shown) position.fit();
    const { scrollWidth, offsetHeight } = document.body;
    connected.tellSize(scrollWidth, offsetHeight);
  }).observe(document.body);
  setInterval(() => {
    if (!document.hidden && !isAsked()) void refresh();
  }, REFRESH_MS);
};

start().catch((error: unknown) => {
  root.replaceChildren(make('p', { class: 'warning' }, `No host: ${(error as Error).message}.`));
});
