/**
 * The indicators as one writes them with nothing in mind but speed: whole columns, a loop each, no
 * state to go on from, running sums that lose digits.
 */
const column = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN);

export const sma = (values: Float64Array, period: number): Float64Array => {
  const out = column(values.length);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    sum += values[index]!;
    if (index >= period) sum -= values[index - period]!;
    if (index >= period - 1) out[index] = sum / period;
  }
  return out;
};

export const ema = (values: Float64Array, period: number, start = 0): Float64Array => {
  const out = column(values.length);
  const weight = 2 / (period + 1);
  let average = 0;
  for (let index = start; index < values.length; index += 1) {
    if (index < start + period) {
      average += values[index]! / period;
      if (index === start + period - 1) out[index] = average;
    } else {
      average += (values[index]! - average) * weight;
      out[index] = average;
    }
  }
  return out;
};

export const rsi = (values: Float64Array): Float64Array => {
  const out = column(values.length);
  let gain = 0;
  let loss = 0;
  for (let index = 1; index < values.length; index += 1) {
    const change = values[index]! - values[index - 1]!;
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    if (index <= 14) {
      gain += up / 14;
      loss += down / 14;
    } else {
      gain = (gain * 13 + up) / 14;
      loss = (loss * 13 + down) / 14;
    }
    if (index >= 14) out[index] = (100 * gain) / (gain + loss);
  }
  return out;
};

export const macd = (values: Float64Array): Float64Array[] => {
  const fast = ema(values, 12);
  const slow = ema(values, 26);
  for (let index = 0; index < values.length; index += 1) fast[index]! -= slow[index]!;
  const signal = ema(fast, 9, 25);
  const histogram = column(values.length);
  for (let index = 0; index < values.length; index += 1)
    histogram[index] = fast[index]! - signal[index]!;
  return [fast, signal, histogram];
};

export const atr = (high: Float64Array, low: Float64Array, close: Float64Array): Float64Array => {
  const out = column(close.length);
  let average = 0;
  for (let index = 1; index < close.length; index += 1) {
    const before = close[index - 1]!;
    const range = Math.max(high[index]!, before) - Math.min(low[index]!, before);
    if (index <= 14) average += range / 14;
    else average += (range - average) / 14;
    if (index >= 14) out[index] = average;
  }
  return out;
};

export const bollinger = (values: Float64Array): Float64Array[] => {
  const [upper, middle, lower] = [column(values.length), sma(values, 20), column(values.length)];
  for (let index = 19; index < values.length; index += 1) {
    const mean = middle[index]!;
    let squares = 0;
    for (let each = index - 19; each <= index; each += 1) {
      const distance = values[each]! - mean;
      squares += distance * distance;
    }
    const width = 2 * Math.sqrt(squares / 20);
    upper[index] = mean + width;
    lower[index] = mean - width;
  }
  return [upper, middle, lower];
};

export const obv = (close: Float64Array, volume: Float64Array): Float64Array => {
  const out = new Float64Array(close.length);
  let balance = 0;
  for (let index = 1; index < close.length; index += 1) {
    if (close[index]! > close[index - 1]!) balance += volume[index]!;
    else if (close[index]! < close[index - 1]!) balance -= volume[index]!;
    out[index] = balance;
  }
  return out;
};
