// @master-chief/alpaca, a client for JavaScript with addresses of its own for each part of the API.
import { AlpacaClient, AlpacaStream } from '@master-chief/alpaca';

const [url, key, secret] = process.argv.slice(2);
const ws = url.replace('http', 'ws');
const endpoints = {
  rest: {
    beta: `${url}/v1beta1`,
    account: `${url}/v2`,
    market_data_v2: `${url}/v2`,
    market_data_v1: `${url}/v1`,
  },
  websocket: { account: `${ws}/stream`, market_data: (feed = 'iex') => `${ws}/v2/${feed}` },
};
const credentials = { key, secret, paper: true };
const client = new AlpacaClient({ credentials, endpoints });

const told = new Set();
const tell = (what) => {
  told.add(what);
  if (told.size < 3) return;
  console.log([...told].sort().join(' '));
  process.exit();
};
const updates = new AlpacaStream({ credentials, endpoints, type: 'account' });
updates.once('authenticated', () => updates.subscribe('trade_updates'));
updates.on('trade_updates', ({ event }) => event === 'fill' && tell('fill'));
const data = new AlpacaStream({ credentials, endpoints, type: 'market_data', source: 'sip' });
data.once('authenticated', () => data.subscribe('bars', ['ORRI']));
data.on('bar', () => tell('bar'));
if ((await client.getAccount()).cash !== undefined) tell('account');

setInterval(async () => {
  await client.placeOrder({
    symbol: 'ORRI',
    qty: 1,
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
  });
  await fetch(`${url}/sim/step`, { method: 'POST', body: '{"minutes": 1}' });
}, 300);
