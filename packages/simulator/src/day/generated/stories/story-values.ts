import type { Performer } from '../build-market.ts';
import type { Random } from '../random.ts';

const FIRMS = [
  'Halvorsen Pike',
  'Castlemere Securities',
  'Ostrander Partners',
  'Bluewick Capital',
  'Tennant Grove',
  'Marchbanks Research',
  'Coldstream Markets',
  'Velmont Equity',
];
const FIRST_NAMES = [
  'Amara',
  'Benedict',
  'Carmen',
  'Dimitri',
  'Elena',
  'Farid',
  'Greta',
  'Hiroshi',
  'Imogen',
  'Joaquin',
  'Katya',
  'Leopold',
  'Mireille',
  'Nadia',
  'Oskar',
  'Priya',
  'Quentin',
  'Rosalind',
  'Soren',
  'Thandi',
];
const LAST_NAMES = [
  'Abernathy',
  'Bellweather',
  'Castellane',
  'Dunmore',
  'Eriksholm',
  'Fairbrother',
  'Galloway',
  'Hartnell',
  'Ivanhoe',
  'Jessop',
  'Kingsnorth',
  'Lindqvist',
  'Mbeki-Rowe',
  'Nakagawa',
  'Okonjo',
  'Pemberton',
  'Quigley',
  'Ramaswamy',
  'Santoro',
  'Teasdale',
];
const CUSTOMERS = [
  'Meridian Federal Systems',
  'the Northern Rail Authority',
  'Hallam Aerospace',
  'Orchard State Utilities',
  'the Port of Calder',
  'Grand Lakes Transit',
  'Sentinel Space Command',
  'Coastline Health Network',
  'Arbor Automotive Group',
  'the Ministry of Works of Vardania',
];
const BUYERS = [
  'Corvane Industries',
  'Highmark Peak Partners',
  'Albion Gate Holdings',
  'Sterling Reach Group',
];
const DISEASES = [
  'severe asthma',
  'relapsed lymphoma',
  'chronic kidney disease',
  'moderate psoriasis',
  "early Parkinson's disease",
  'metastatic lung cancer',
  'treatment-resistant migraine',
  'ulcerative colitis',
];
const DRUG_STARTS = ['Ver', 'Zal', 'Ombri', 'Tre', 'Kaxi', 'Pelu', 'Nova', 'Lumi', 'Ari', 'Sevi'];
const DRUG_ENDS = ['tinib', 'zumab', 'gliptin', 'parvec', 'lisib', 'docel', 'moxine', 'rafen'];
const EVENTS = [
  'the Castlemere Growth Conference',
  'the Ostrander Industrial Summit',
  'the Tennant Grove Leaders Forum',
  'the Bluewick Small and Mid Cap Days',
  'the Marchbanks Technology Symposium',
  'the Lakeside Investor Week',
  'the Coldstream Consumer Conference',
];
const CITIES = [
  'Boston',
  'Chicago',
  'Denver',
  'Nashville',
  'Portland',
  'San Diego',
  'Miami',
  'Minneapolis',
  'Austin',
  'Toronto',
  'Philadelphia',
];
const QUARTERS = ['fourth-quarter', 'first-quarter', 'second-quarter', 'third-quarter'] as const;

const dollars = (value: number): string => value.toFixed(2);

/** A person who does not exist. */
export const drawPerson = (random: Random): string =>
  `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;

/**
 * Everything a story about this company may mention, drawn so that its numbers agree with each
 * other and with the price.
 */
export const drawStoryValues = (
  performer: Performer,
  tradeDate: string,
  random: Random,
): Record<string, string> => {
  const { company, traits } = performer;
  const price = traits.previous_close;
  const eps = Math.max(0.06, price / random.between(55, 90));
  const guide = eps * random.between(4.1, 4.6);
  const [year, month] = tradeDate.split('-').map(Number);
  const quarter = QUARTERS[Math.floor(((month ?? 1) - 1) / 3)] ?? QUARTERS[0];
  const premium = Math.round(((traits.plan.legs.at(-1)?.ratio ?? 1) - 1) * 100);
  const discount = random.whole(5, 9);
  const shares = random.whole(4, 15);
  const offerPrice = price * (1 - discount / 100);
  const target = price * random.between(0.92, 1.12);
  return {
    name: company.short_name,
    symbol: company.symbol,
    exchange: company.exchange === 'AMEX' ? 'NYSE American' : company.exchange,
    sector: company.sector,
    quarter,
    next_year: String((year ?? 0) + (quarter === 'fourth-quarter' ? 0 : 1)),
    eps: dollars(eps * random.between(1.08, 1.25)),
    eps_estimate: dollars(eps),
    guide_low: dollars(guide),
    guide_high: dollars(guide * random.between(1.04, 1.08)),
    growth: String(random.whole(14, 48)),
    revenue: String(random.whole(120, 980)),
    contract: random.between(1.1, 4.8).toFixed(1),
    years: String(random.whole(3, 10)),
    customer: random.pick(CUSTOMERS),
    buyer: random.pick(BUYERS),
    premium: String(premium),
    offer: dollars(price * (1 + premium / 100)),
    buyback: String(random.whole(3, 16) * 50),
    drug: `${random.pick(DRUG_STARTS)}${random.pick(DRUG_ENDS)}`,
    disease: random.pick(DISEASES),
    firm: random.pick(FIRMS),
    analyst: drawPerson(random),
    person: drawPerson(random),
    target: String(Math.max(1, Math.round(target))),
    target_before: String(Math.max(1, Math.round(target * random.between(0.95, 1.06)))),
    event: random.pick(EVENTS),
    city: random.pick(CITIES),
    discount: String(discount),
    shares: String(shares),
    offer_price: dollars(offerPrice),
    proceeds: String(Math.round(shares * offerPrice)),
  };
};
