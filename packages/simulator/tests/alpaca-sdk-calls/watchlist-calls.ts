import { expect } from '@jest/globals';
import type { SdkCall, SdkClient } from '../alpaca-sdk-client.ts';

const watchlist = async ({ alpaca }: SdkClient) =>
  (
    await alpaca.trading.watchlists.postWatchlist({
      createWatchlistRequest: { name: 'mine', symbols: ['ACME'] } as never,
    })
  ).id;

export const watchlistCalls: Record<string, SdkCall> = {
  'trading.watchlists.postWatchlist': async (client) =>
    expect(await watchlist(client)).toMatch(/^[0-9a-f-]{36}$/),
  'trading.watchlists.getWatchlists': async (client) => {
    const id = await watchlist(client);
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toMatchObject([
      { id, name: 'mine' },
    ]);
  },
  'trading.watchlists.getWatchlistById': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.getWatchlistById({
        watchlistId: await watchlist(client),
      }),
    ).toMatchObject({ assets: [{ symbol: 'ACME' }] }),
  'trading.watchlists.getWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.getWatchlistByName({ name: 'mine' }),
    ).toMatchObject({ assets: [{ symbol: 'ACME' }] });
  },
  'trading.watchlists.updateWatchlistById': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.updateWatchlistById({
        watchlistId: await watchlist(client),
        updateWatchlistRequest: { name: 'other', symbols: ['OTHR'] },
      }),
    ).toMatchObject({ name: 'other', assets: [{ symbol: 'OTHR' }] }),
  'trading.watchlists.updateWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.updateWatchlistByName({
        name: 'mine',
        updateWatchlistRequest: { name: 'other' },
      }),
    ).toMatchObject({ name: 'other', assets: [{ symbol: 'ACME' }] });
  },
  'trading.watchlists.addAssetToWatchlist': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.addAssetToWatchlist({
        watchlistId: await watchlist(client),
        addAssetToWatchlistRequest: { symbol: 'OTHR' },
      }),
    ).toMatchObject({ assets: [{}, { symbol: 'OTHR' }] }),
  'trading.watchlists.addAssetToWatchlistByName': async (client) => {
    await watchlist(client);
    expect(
      await client.alpaca.trading.watchlists.addAssetToWatchlistByName({
        name: 'mine',
        addAssetToWatchlistRequest: { symbol: 'OTHR' },
      }),
    ).toMatchObject({ assets: [{}, { symbol: 'OTHR' }] });
  },
  'trading.watchlists.removeAssetFromWatchlist': async (client) =>
    expect(
      await client.alpaca.trading.watchlists.removeAssetFromWatchlist({
        watchlistId: await watchlist(client),
        symbol: 'ACME',
      }),
    ).toMatchObject({ assets: [] }),
  'trading.watchlists.deleteWatchlistById': async (client) => {
    await client.alpaca.trading.watchlists.deleteWatchlistById({
      watchlistId: await watchlist(client),
    });
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toEqual([]);
  },
  'trading.watchlists.deleteWatchlistByName': async (client) => {
    await watchlist(client);
    await client.alpaca.trading.watchlists.deleteWatchlistByName({ name: 'mine' });
    expect(await client.alpaca.trading.watchlists.getWatchlists()).toEqual([]);
  },
};
