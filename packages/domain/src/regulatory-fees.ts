import { Decimal } from 'decimal.js';
import { Exact, type DecimalString } from './money.ts';
import type { TradeDate } from './time.ts';

/*
 * What regulators charge for sales of stocks and brokers pass on. The SEC sets the rate of its
 * Section 31 fee anew for each fiscal year, FINRA that of its Trading Activity Fee by rule. Each
 * row holds from its date on until the next one; nothing is known, and nothing charged, before the
 * first. The Consolidated Audit Trail's fee, which Alpaca passes on for buys too, is not here: in
 * 2026 it is $0.000003 a share at most.
 */

/**
 * Dollars per million dollars sold. Sources: the SEC's fee rate advisories,
 * https://www.sec.gov/rules-regulations/fee-rate-advisories (the last two are 2025-2 and 2026-2),
 * and FINRA's information notices of 2025-04-24 and 2026-03-17.
 */
const SEC_PER_MILLION: readonly { from: TradeDate; rate: string }[] = [
  { from: '2012-04-01', rate: '22.40' },
  { from: '2013-05-25', rate: '17.40' },
  { from: '2014-03-18', rate: '22.10' },
  { from: '2015-02-14', rate: '18.40' },
  { from: '2016-02-16', rate: '21.80' },
  { from: '2017-07-04', rate: '23.10' },
  { from: '2018-05-22', rate: '13.00' },
  { from: '2019-04-16', rate: '20.70' },
  { from: '2020-02-18', rate: '22.10' },
  { from: '2021-02-25', rate: '5.10' },
  { from: '2022-05-14', rate: '22.90' },
  { from: '2023-02-27', rate: '8.00' },
  { from: '2024-05-22', rate: '27.80' },
  { from: '2025-05-14', rate: '0' },
  { from: '2026-04-04', rate: '20.60' },
];

/**
 * Dollars a share sold, and the most for one trade. Sources: FINRA's Regulatory Notice 12-31,
 * SR-FINRA-2020-032, its fee adjustment schedule (SR-FINRA-2024-019), the pause of the fourth
 * quarter of 2026 (SR-FINRA-2026-021) and the rates that are kept after it (SR-FINRA-2026-020).
 */
const TAF_PER_SHARE: readonly { from: TradeDate; rate: string; most: string }[] = [
  { from: '2012-07-01', rate: '0.000119', most: '5.95' },
  { from: '2022-01-01', rate: '0.000130', most: '6.49' },
  { from: '2023-01-01', rate: '0.000145', most: '7.27' },
  { from: '2024-01-01', rate: '0.000166', most: '8.30' },
  { from: '2026-01-01', rate: '0.000195', most: '9.79' },
  { from: '2026-10-01', rate: '0', most: '0' },
  { from: '2027-01-01', rate: '0.000195', most: '9.79' },
];

/** One execution that sold, short or long. */
export interface Sale {
  qty: Decimal.Value;
  price: Decimal.Value;
}

/** Dollars, each rounded up to the cent. */
export interface RegulatoryFees {
  /** The SEC's Section 31 fee, which Alpaca calls REG. */
  sec: DecimalString;
  /** FINRA's Trading Activity Fee. */
  taf: DecimalString;
}

const upToCents = (value: Decimal): DecimalString =>
  value.toDecimalPlaces(2, Decimal.ROUND_UP).toFixed(2);

/**
 * What an account pays for its sales of one trade date. As at Alpaca each fee is summed over the
 * day and rounded up once (https://docs.alpaca.markets/docs/regulatory-fees).
 */
export const regulatoryFees = (date: TradeDate, sales: readonly Sale[]): RegulatoryFees => {
  const sec = SEC_PER_MILLION.findLast(({ from }) => from <= date);
  const taf = TAF_PER_SHARE.findLast(({ from }) => from <= date);
  const sum = (feeOf: (sale: Sale) => Decimal): DecimalString =>
    upToCents(sales.reduce((total, sale) => total.plus(feeOf(sale)), new Exact(0)));
  return {
    sec: sum(({ qty, price }) =>
      new Exact(qty)
        .times(price)
        .times(sec?.rate ?? 0)
        .div(1_000_000),
    ),
    taf: sum(({ qty }) => Exact.min(new Exact(qty).times(taf?.rate ?? 0), taf?.most ?? 0)),
  };
};
