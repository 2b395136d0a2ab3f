/**
 * A finance lexicon of our own: words and phrases with the direction and force that they have in a
 * headline about a company, -1..+1. Phrases win over the words in them. Keys are lower case;
 * hyphens, apostrophes and slashes count as blanks, as in the text.
 */
const group = (weight: number, entries: string): [string, number][] =>
  entries
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => [entry, weight]);

const POSITIVE = [
  ...group(
    0.95,
    `fda approves, fda approval, fda clears, fda grants approval, receives fda, wins fda, wins approval, approved by fda,
    to be acquired, agrees to be acquired, to be bought, to be taken private, take private, takeover offer, buyout offer, tender offer for,
    acquired for, bought for, per share in cash, raises full year guidance, raises guidance, raises outlook, raises forecast, boosts guidance,
    lifts guidance, lifts outlook, lifts forecast, boosts outlook, boosts forecast, hikes guidance, raises fy, raises full year, guidance raised,
    raises annual, raises profit, ups guidance, increases guidance, guides above, beats and raises, beat and raise, smashes estimates,
    crushes estimates, met primary endpoint, meets primary endpoint, achieved primary endpoint, meets all primary, breakthrough therapy,
    positive phase, positive topline, positive top line, statistically significant`,
  ),
  ...group(
    0.85,
    `beats estimates, beats expectations, beat estimates, beat expectations, beats forecasts, tops estimates, tops expectations,
    tops forecasts, exceeds expectations, exceeds estimates, above expectations, above estimates, better than expected, stronger than expected,
    blowout, blockbuster, beats q, tops q, beats street, tops street, beats consensus, tops views, beats views, record profit, record revenue, record earnings, record quarter,
    record sales, soars, soar, soared, skyrockets, skyrocket, surges, surge, surged, surging, zooms, zoom, wins contract, awarded contract,
    wins award, contract win, lands contract, secures contract, wins order, bags order, bags orders, wins patent, wins lawsuit, wins case,
    special dividend, acquisition premium, premium to, to join s&p 500, added to s&p 500, joins s&p 500, joins nasdaq 100, upgraded to buy, upgrades to buy, multi fold`,
  ),
  ...group(
    0.7,
    `beats, beat, tops, topped, exceeds, outperforms, outperform, outperformer, wins, win, won, bags, awarded, secures, lands,
    jumps, jump, jumped, jumping, rallies, rally, rallied, rallying, spikes, leaps, leap, rockets, climbs, climb, climbed, gains, gain, gained,
    gainer, gainers, rises, rise, rose, rising, up, advances, advance, upgrade, upgrades, upgraded, upbeat, bullish, positive, robust, strong, stronger, strength, strengthens,
    approval, approves, approved, breakthrough, record high, all time high, week high, month high, year high, multi year high,
    new high, fresh high, buyback, share repurchase, repurchase program, raises dividend, hikes dividend, boosts dividend, dividend increase, bonus issue,
    turns profitable, swings to profit, returns to profit, back in black, turnaround, profit up, net up, doubles, triples, doubled, tripled,
    fold, two fold, three fold, accelerates, accelerating, momentum, outpaces, net profit jumps, price target raised, raises price target,
    target raised, initiates buy, initiated at buy, strong buy, buy rating, overweight, accumulate, top pick, good buy, buy call, buying opportunity, upper circuit`,
  ),
  ...group(
    0.5,
    `higher, high, highs, boost, boosts, boosted, lifts, lift, lifted, raises, raise, raised, hikes, buy, buys, good, great, better, best,
    improve, improves, improved, improving, improvement, recover, recovers, recovery, recovered, recovering, rebound, rebounds, rebounded,
    bounce, bounces, bounce back, grows, grew, expands, expansion, profitable, profitability, attractive,
    opportunity, upside, uptrend, breakout, outlook positive, optimistic, optimism, confident, favourable, favorable, benefit, benefits, helped, helps,
    success, successful, successfully, launches, partnership, collaboration, milestone, expanded access, undervalued, cheap, prefer, recommended, favourite, favorite, like, likes,
    promising, healthy, steady growth, firms up, firmer, firmed, perks up, picks up, scales, hits high, peak, rallied on, green, snaps losing streak, pares losses, trims losses,
    eases concerns, relief, support from, demand lifts, double digit growth, insider buying, director buys, ceo buys, stake increase, ups stake, raises stake, hold on to, potential, hopes, hope, leads, leader, multibagger, lucrative, phenomenal, traction, oversubscribed, over subscribed, sustainable, bull run, buy on dips, back in demand, recommend`,
  ),
  ...group(
    0.3,
    `growth, grow, growing, above, stable, holds, supports, encouraging, interesting, resilient, ahead, well, safe, long term, add, adds, bets on, bet on, bet, pick, picks, extends, wins over, eyes, inks, signs, deal,
    new product, patent, expand, expanding, invest, invests, investment, receives, gets nod, clearance, nod, dividend, top, boon, revival, darlings, pact`,
  ),
];

const NEGATIVE = [
  ...group(
    -0.95,
    `files for bankruptcy, bankruptcy, chapter 11, chapter 7, going concern, fraud, accounting fraud, ponzi, sec charges, charged with,
    criminal charges, fda rejects, fda rejection, complete response letter, clinical hold, rejects application, fails to meet primary, failed to meet primary,
    missed primary endpoint, did not meet, misses primary endpoint, failed trial, trial failure, fails trial, trial halted, halts trial, discontinues trial,
    cuts guidance, cuts outlook, cuts forecast, cuts full year, cuts fy, lowers guidance, lowers outlook, lowers forecast, lowers full year, slashes guidance, slashes outlook, slashes forecast,
    withdraws guidance, suspends guidance, guidance cut, reduces guidance, trims guidance, trims outlook, profit warning, warns on profit, guides below, delisting, delisted, delist,
    restates, restatement, default, defaults, data breach`,
  ),
  ...group(
    -0.85,
    `misses estimates, misses expectations, miss estimates, missed estimates, misses forecasts, misses q, below expectations, below estimates, worse than expected,
    weaker than expected, falls short, prices secondary offering, prices offering, prices public offering, public offering, secondary offering, stock offering, share offering,
    equity offering, offering of common stock, common stock offering, registered direct, at the market offering, dilution, dilutive, dilutes, convertible notes offering, going private called off, merger terminated,
    terminates merger, deal collapses, deal terminated, plunges, plunge, plunged, plummets, plummet, plummeted, crashes, crash, crashed, collapses, collapse, tanks, tank, tanked, nosedives, nosedive,
    tumbles, tumble, tumbled, slumps, slump, slumped, craters, freefall, sinks, sink, sank, record loss, loss widens, widens loss, wider loss, net loss widens, swings to loss, posts loss, reports loss,
    removed from s&p 500, class action, subpoena, criminal probe, cuts dividend, suspends dividend, dividend cut, downgraded to sell, downgrades to sell, short seller report, hindenburg, recall, recalls`,
  ),
  ...group(
    -0.7,
    `misses, miss, missed, shortfall, falls, fall, fell, falling, drops, drop, dropped, declines, decline, declined, declining, down, loses, lost, losing,
    losers, loser, slides, slide, slid, slips, slip, slipped, dips, dip, dipped, sheds, shed, weak, weaker, weakest, weakens, weaken, weakened, weakness, downgrade, downgrades, downgraded,
    bearish, negative, poor, disappointing, disappoints, disappoint, disappointed, disappointment, sluggish, subdued, lacklustre, lackluster, underperform, underperforms, underperformer, underweight, sell, sells off, sell off, selloff,
    selling pressure, profit booking, profit taking, stop loss, week low, month low, year low, record low, all time low, lowest, new low, fresh low, lower circuit, in red, in the red,
    loss, losses, probe, investigation, investigates, lawsuit, sued, sues, fined, penalty, penalised, scandal, scam, raid, layoffs, job cuts, resigns, resigned, quits, steps down, ousted,
    warns, warning, halts, halted, suspends, suspended, rejects, rejected, denies, cancels, cancelled, terminates, worst, bleak, gloomy, gloom, avoid, overvalued, downtrend, breakdown, short sellers, price target cut, cuts price target, target cut, lowers price target, profit down, net down, widens, strike, outage, hacked, breach`,
  ),
  ...group(
    -0.5,
    `low, lower, lows, cut, cuts, cutting, trims, lowers, reduce, reduced, reduces, concern, concerns, worry, worries, worried, fear, fears, risk, risky, risks, pressure, pressured, uncertain, uncertainty,
    extends losses, extend losses, volatile, volatility, shaky, jittery, weighs, weigh, opposition, liabilities, bribery, choppy, cautious, caution, hurt, hurts, hit by, may hit, likely to hit, to hit, drag, drags, dragged, struggles, struggling, struggle, trouble, troubled, crisis, slowdown, slows, slow, slowing, delay, delays, delayed, fails, fail, failed, failure,
    soft, soften, softens, softer, below, bear, bears, blow, dent, dents, woes, plagued, squeeze, debt laden, downside, exit, exits, book profits, dull, tepid, muted, red, eases, ease, retreats, retreat, erases, erase, wipes, snaps winning streak,
    insider selling, director sells, ceo sells, stake sale, sells stake, pares gains, stress, bad, npa, npas, unlikely, tough, difficult, away, stay away, not recommended, slack, ample supply, reduced offtake, sold off, dumps, underperformed, correction, expensive, stagnant, headwinds, headwind, tariff, tariffs, shut, shuts, shutdown, accident, shortage`,
  ),
  ...group(
    -0.3,
    `pause, adequate, oversold, overbought, resistance, tread, wait, unclear, challenge, challenges, pullback, lag, lags, laggard, selling, sell stake, sold, sale of shares, offering, dilute`,
  ),
];

/** Phrases whose words alone would say something else. */
const NEUTRAL = group(
  0,
  `net profit at, profit at rs, q1 net, q2 net, q3 net, q4 net, profit forecast, loss making, top stocks, top gainers and losers, higher education, high court, up next, follow up, start up, set up, cut off, strong room, risk management,
  fall season, low cost, low fee, win back, high frequency, good morning, firm says, research firm, law firm, firm of, stop work, buy or sell, buy sell, buy sell or hold, gold rush, best buy, mid cap funds, to watch, buys stake, acquires, wait and watch, like to, looks like, would like, well known, well as, as well, back up, sign up, order book, in order, top executive, top executives, top official, stock exchange, stop loss order, net loss at, net loss of, risk rules, to raise, raise rs, raise up to, plans to raise, up to, rs up to, set up, risk reward ratio, risk reward, low costs, passes away, like a, to buy back, buy on declines, utilise dips, good time, should you buy, should you sell, top picks for, value picks, long term capital, growth fund, growth rate, growth funds, sell by, risk appetite, share sale`,
);

/** Word or phrase -> weight. */
export const LEXICON: ReadonlyMap<string, number> = new Map([...POSITIVE, ...NEGATIVE, ...NEUTRAL]);

/** Longest phrase in words. */
export const LONGEST_PHRASE = [...LEXICON.keys()].reduce(
  (longest, key) => Math.max(longest, key.split(' ').length),
  1,
);
