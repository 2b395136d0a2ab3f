import { AppError } from '@catalyst/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { errors } from 'oidc-provider';
import { sendPage } from './page.ts';
import { failurePage } from './pages.ts';

/** Answers a person in words where the work cannot be done; what nobody foresaw goes on as it is. */
export const asPage =
  (work: (request: Request, response: Response) => Promise<void>): RequestHandler =>
  (request, response, next) => {
    work(request, response).catch((error: unknown) => {
      if (error instanceof AppError && error.code !== 'INTERNAL')
        return sendPage(response, error.status, failurePage(error.code, error.message));
      if (!(error instanceof errors.OIDCProviderError)) return next(error);
      const said =
        error instanceof errors.SessionNotFound
          ? 'The request has ended, or belongs to another browser.'
          : error.error_description;
      sendPage(response, error.statusCode, failurePage(error.error, said));
    });
  };
