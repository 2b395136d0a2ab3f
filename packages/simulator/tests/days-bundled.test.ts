import { describe } from '@jest/globals';
import { tellOfItsBars } from './days-bundled/bars.ts';
import { testBundledDay } from './days-bundled/bundled-day.ts';
import { tellOfItsMaking } from './days-bundled/making.ts';
import { tellOfItsNews } from './days-bundled/news.ts';
import { tellOfItsSecurities } from './days-bundled/securities.ts';
import { tellOfItsTruth } from './days-bundled/truth.ts';

const bundled = testBundledDay();

describe('the bundled day', () => {
  tellOfItsMaking(bundled);
  tellOfItsSecurities(bundled);
  tellOfItsNews(bundled);
  tellOfItsBars(bundled);
});

describe("the bundled day's truth", () => {
  tellOfItsTruth(bundled);
});
