import type { Line } from '@catalyst/domain';
import type { Happened } from './clock/happened.ts';
import type { HolderMessage } from './clock/line-holder.ts';
import type { Day } from './day/day.ts';
import type { ExchangeOptions } from './exchange/exchange-context.ts';
import type { Exchange } from './exchange/exchange.ts';
import type { Fault } from './faults/fault-schema.ts';
import type { Credentials } from './find-account.ts';
import type { AnswerDelay } from './http/answer-delay.ts';
import type { WireRoutes, WireView } from './http/wire-view.ts';
import type { MarketOptions } from './market/market-options.ts';
import type { SdkOptions } from './sdk-options.ts';
import type { Simulation } from './simulation.ts';
import type { DataPlan } from './stream/serve-streams.ts';

export interface SimulatorOptions {
  /**
   * A day's folder, the name of a bundled day, or a day already read; the bundled day where nothing
   * is said.
   */
  day?: string | Day;
  /** 0 takes a free port. */
  port?: number;
  /** New York clock time at which the day stands until the first step. */
  at?: string;
  /** `stepped` (as usual), `real`, `scaled:N`, or `line` with a `line`. */
  clock?: string;
  /** The line that the clock follows at first. */
  line?: Line;
  /** Who holds the line: is told when there is work at hand and until when there is none. */
  tell_holder?: (message: HolderMessage) => void;
  mail_dir?: string | null;
  accounts?: number;
  /** Opening cash of each account in dollars. */
  cash?: string;
  /** Keys of the first account; every other key is random. */
  credentials?: Credentials;
  /** Share of a minute's volume that orders may take. */
  volume_share?: number;
  stream_oco_cancels?: boolean;
  /**
   * When orders are filled; `at_once` as usual where the clock runs by itself, `next_bar` where it
   * is stepped.
   */
  fills?: ExchangeOptions['fills'];
  /** The rest of how the exchange behaves, as the fill model names it. */
  exchange?: Omit<ExchangeOptions, 'volume_share' | 'stream_oco_cancels' | 'fills'>;
  /** How market data reaches its readers: at once and whole, as usual. */
  market?: MarketOptions;
  /** Requests an account, API and simulated minute; null (as usual) enforces none. */
  rate_limit?: number | null;
  /** How long answers of Alpaca's APIs wait, in milliseconds of the wall; not at all as usual. */
  answer_delay?: AnswerDelay;
  /** `paper`: what is not said is as a new paper account of Alpaca's has it. */
  like?: 'paper';
  /** What the list of faults begins with. */
  faults?: readonly Fault[];
  /** A new file that keeps the ledger as JSON lines; without it the ledger is in memory. */
  ledger_file?: string | null;
  /** Data connections that an account may have to one endpoint; 1 as usual. */
  data_connections?: number;
  /** What market data the keys have paid for; `plus` (everything) as usual. */
  data_plan?: DataPlan;
  /** Whether the port speaks TLS too, with a certificate of its own. */
  tls?: boolean;
  /**
   * Another vendor's wire on the same origin and clock, such as `(view) => app` with an Express
   * app: it meets requests that are no controls before Alpaca's routes and keys, and hands on what
   * is not its own.
   */
  routes?: (view: WireView) => WireRoutes;
}

export interface SimulatorFacts {
  url: string;
  stream_url: string;
  /** The stock data stream of all exchanges; those of IEX and of the delayed feed are beside it. */
  data_stream_url: string;
  news_stream_url: string;
  smtp: string;
  day: string;
  trade_date: string;
  accounts: (Credentials & { account_number: string })[];
  /** The certificate to trust, where the simulator speaks TLS; null where it does not. */
  certificate: string | null;
}

export interface Simulator extends SimulatorFacts {
  /**
   * For tests in the same process: the exchange, and the simulation that it is part of (clock,
   * accounts, ledger, market).
   */
  exchange: Exchange;
  simulation: Simulation;
  /**
   * Moves a stepped clock as `POST /sim/step` does and says what happened; a body that it would
   * refuse is a `StepError`.
   */
  step(body: { to: string } | { minutes: number }): Happened;
  /**
   * Puts a clock that follows a line on another: what lies between happens at once. One that leads
   * back is a `LineError`.
   */
  follow(line: Line): void;
  /**
   * Makes a client of the class `Alpaca` of `@alpacahq/alpaca-trade-api` 4 with the first account's
   * keys: all its requests and streams reach the simulator and nothing else.
   */
  connect<Client extends object>(Alpaca: new (options: SdkOptions) => Client): Client;
  /** The same for requests alone, for `new Alpaca(…)`: its streams have to be given a `url`. */
  sdk_options: SdkOptions;
  close(): Promise<void>;
}
