import type { RequestHandler } from 'express';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const HEADERS = 'APCA-API-KEY-ID, APCA-API-SECRET-KEY, Authorization, Content-Type';

/** Lets a bot in a browser in, as Alpaca's servers do: from any origin, with keys in the headers. */
export const allowBrowsers = (): RequestHandler => (request, response, next) => {
  response.set('Access-Control-Allow-Origin', '*');
  if (request.method !== 'OPTIONS' || !request.get('Access-Control-Request-Method')) return next();
  response
    .set({ 'Access-Control-Allow-Methods': METHODS, 'Access-Control-Allow-Headers': HEADERS })
    .status(204)
    .end();
};
