// Alpaca's client for JavaScript, version 3, which streams data over TLS alone.
const Alpaca = require('@alpacahq/alpaca-trade-api');

const [url, keyId, secretKey] = process.argv.slice(2);
const alpaca = new Alpaca({ keyId, secretKey, baseUrl: url, dataBaseUrl: url, dataStreamUrl: url });

const told = new Set();
const tell = (what) => {
  told.add(what);
  if (told.size < 3) return;
  console.log([...told].sort().join(' '));
  process.exit();
};
alpaca.trade_ws.onConnect(() => alpaca.trade_ws.subscribe(['trade_updates']));
alpaca.trade_ws.onOrderUpdate(({ event }) => event === 'fill' && tell('fill'));
alpaca.data_stream_v2.onConnect(() => alpaca.data_stream_v2.subscribeForBars(['ORRI']));
alpaca.data_stream_v2.onStockBar(() => tell('bar'));
alpaca.trade_ws.connect();
alpaca.data_stream_v2.connect();
// A list would be sent as `symbols[]`, which the market data API does not know.
alpaca
  .getCorporateActions('ORRI', { start: '2026-01-01', end: '2026-03-24' })
  .then(() => tell('actions'));

setInterval(async () => {
  await alpaca.createOrder({
    symbol: 'ORRI',
    qty: 1,
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
  });
  await fetch(`${url}/sim/step`, { method: 'POST', body: '{"minutes": 1}' });
}, 300);
