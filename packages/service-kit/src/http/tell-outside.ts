/** Whether an address outside took what it was told, and if not, why in our own words. */
export type Told = { taken: true } | { taken: false; error: string; permanent: boolean };

const TIMEOUT_MS = 10_000;

/**
 * Tells an address that somebody else keeps: a webhook, a heartbeat. Redirects are not followed,
 * and nothing of the answer is kept but its status: it is the other side's text. Never throws.
 */
export const tellOutside = async (
  url: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Told> => {
  const { default: axios } = await import('axios');
  try {
    const { status } = await axios.request({
      url,
      method: body === undefined ? 'GET' : 'POST',
      data: body,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      timeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      maxRedirects: 0,
      maxContentLength: 65_536,
      responseType: 'text',
      validateStatus: () => true,
    });
    if (status >= 200 && status < 300) return { taken: true };
    return {
      taken: false,
      error: `it answered ${status}`,
      permanent: status < 500 && status !== 429,
    };
  } catch (error) {
    const isLate = axios.isCancel(error) || (error as { code?: string }).code === 'ECONNABORTED';
    return {
      taken: false,
      error: isLate ? `it did not answer in ${TIMEOUT_MS / 1000} s` : 'it cannot be reached',
      permanent: false,
    };
  }
};
