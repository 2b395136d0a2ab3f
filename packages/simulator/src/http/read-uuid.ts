const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;
/** With four hyphens, bare or in braces or as a URN, or without any. */
const SPELLING = /^(?:urn:uuid:([^{}]{36})|\{([^{}]{36})\}|([^{}]{36})|([^-]{32}))$/i;

/**
 * An id in each spelling that Go's uuid.Parse takes, and so Alpaca's servers: in capitals, without
 * hyphens, in braces, as a URN. Answers with the one by which ids are kept; null for other text.
 */
export const readUuid = (text: string): string | null => {
  const spelt =
    SPELLING.exec(text)
      ?.slice(1)
      .find((part) => part !== undefined) ?? '';
  const parts = UUID.exec(spelt)?.slice(1);
  return parts ? parts.join('-').toLowerCase() : null;
};
