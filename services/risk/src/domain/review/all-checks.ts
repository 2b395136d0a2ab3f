import { buyingPower } from './caps/buying-power.ts';
import { cash } from './caps/cash.ts';
import { dailyLossRoomCap } from './caps/daily-loss-room.ts';
import { grossExposure } from './caps/gross-exposure.ts';
import { intradayMargin } from './caps/intraday-margin.ts';
import { positionSize } from './caps/position-size.ts';
import { riskPerTrade } from './caps/risk-per-trade.ts';
import { sectorShare } from './caps/sector-share.ts';
import { volumeShare } from './caps/volume-share.ts';
import type { Cap, Check } from './check.ts';
import { accountAge } from './checks/account-age.ts';
import { accountKnown } from './checks/account-known.ts';
import { accountOpen } from './checks/account-open.ts';
import { afterOpen } from './checks/after-open.ts';
import { beforeLastEntry } from './checks/before-last-entry.ts';
import { coolDown } from './checks/cool-down.ts';
import { correlation } from './checks/correlation.ts';
import { dailyLoss } from './checks/daily-loss.ts';
import { diskSpace } from './checks/disk-space.ts';
import { limitBetweenLevels } from './checks/limit-between-levels.ts';
import { lossStreak } from './checks/loss-streak.ts';
import { notHalted } from './checks/not-halted.ts';
import { notHeld } from './checks/not-held.ts';
import { positionCount } from './checks/position-count.ts';
import { priceNearQuote } from './checks/price-near-quote.ts';
import { priceTicks } from './checks/price-ticks.ts';
import { quoteAge } from './checks/quote-age.ts';
import { quoteSize } from './checks/quote-size.ts';
import { reconciled } from './checks/reconciled.ts';
import { reconciliationAge } from './checks/reconciliation-age.ts';
import { repetition } from './checks/repetition.ts';
import { rewardToRisk } from './checks/reward-to-risk.ts';
import { shortSelling } from './checks/short-selling.ts';
import { spread } from './checks/spread.ts';
import { stopNotTooClose } from './checks/stop-not-too-close.ts';
import { stopNotTooFar } from './checks/stop-not-too-far.ts';
import { stopSide } from './checks/stop-side.ts';
import { stopSupported } from './checks/stop-supported.ts';
import { takesEntries } from './checks/takes-entries.ts';
import { tradable } from './checks/tradable.ts';
import { tradingHalted } from './checks/trading-halted.ts';
import { wholeShares } from './checks/whole-shares.ts';

/** What needs no size, in the order of its weight; the first that refuses answers. */
export const CHECKS: readonly Check[] = [
  // the desk
  tradingHalted,
  takesEntries,
  accountKnown,
  accountAge,
  accountOpen,
  reconciled,
  reconciliationAge,
  diskSpace,
  afterOpen,
  beforeLastEntry,
  dailyLoss,
  // the symbol, beside what is held
  tradable,
  notHalted,
  notHeld,
  repetition,
  positionCount,
  shortSelling,
  lossStreak,
  coolDown,
  // the prices
  wholeShares,
  priceTicks,
  stopSide,
  limitBetweenLevels,
  stopNotTooClose,
  stopNotTooFar,
  stopSupported,
  rewardToRisk,
  // the market
  quoteAge,
  quoteSize,
  spread,
  priceNearQuote,
  correlation,
];

/** What bounds the size; the smallest of them counts. */
export const CAPS: readonly Cap[] = [
  riskPerTrade,
  dailyLossRoomCap,
  positionSize,
  sectorShare,
  grossExposure,
  cash,
  buyingPower,
  intradayMargin,
  volumeShare,
];
