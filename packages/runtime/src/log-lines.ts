// each write hears of its own failure; without a listener the stream's would end the process
const ignore = (): void => {};

/**
 * Writes whole lines to a stream. One that cannot be written, since the disk is full or nobody reads
 * any more, is dropped and counted and ends no process; `describeLoss` makes the line that tells how
 * many there were, which goes before the next one.
 */
export const createLineWriter = (
  stream: NodeJS.WritableStream,
  describeLoss: (dropped: number) => string,
): ((line: string) => void) => {
  let dropped = 0;
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return (line) => {
    const before = dropped;
    dropped = 0;
    // a full disk may have taken half a line
    const text = before === 0 ? line : `\n${describeLoss(before)}\n${line}`;
    stream.write(`${text}\n`, (error) => {
      if (error) dropped += before + 1;
    });
  };
};
