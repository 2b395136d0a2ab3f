import express, { type Express } from 'express';

/** Express as every service of the desk has it, with no route yet. */
export const createApp = (): Express => {
  const app = express();
  app.disable('x-powered-by');
  // answers are as of now; nobody asks whether one has changed
  app.set('etag', false);
  return app;
};
