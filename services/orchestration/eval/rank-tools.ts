/** As much of a tool as a model reads before it chooses. */
interface Described {
  name: string;
  title: string;
  description: string;
}

const STOP_WORDS = new Set(
  'a an and are as at be by did do does for from get had has have how i if in is it its me my of on or our out that the their then there they this to us was we were what when which who with would you your'.split(
    ' ',
  ),
);
/** A word without its commonest endings, so that "positions" finds "position". */
const stem = (word: string): string =>
  word
    .replace(/(ies)$/, 'y')
    .replace(/(ing|ed|es|s)$/, '')
    .replace(/e$/, '');
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]+/g) ?? [])
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem)
    .filter((word) => word.length > 1);

const K1 = 1.2;
const B = 0.6;
/** A tool's name and title say more than a word of its description. */
const NAME_WEIGHT = 3;

/**
 * Tools by how well their texts answer a question, best first: Okapi BM25 (Robertson and Zaragoza,
 * 2009) over name, title and description.
 */
export const rankTools = (tools: readonly Described[], question: string): string[] => {
  const documents = tools.map(({ name, title, description }) => {
    const named = wordsOf(`${name.replaceAll('_', ' ')} ${title}`);
    return [...Array.from({ length: NAME_WEIGHT }, () => named).flat(), ...wordsOf(description)];
  });
  const mean = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;
  const asked = [...new Set(wordsOf(question))];
  const score = (document: readonly string[]): number =>
    asked.reduce((sum, word) => {
      const times = document.filter((one) => one === word).length;
      const holding = documents.filter((one) => one.includes(word)).length;
      const rarity = Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5));
      return (
        sum + (rarity * times * (K1 + 1)) / (times + K1 * (1 - B + (B * document.length) / mean))
      );
    }, 0);
  return tools
    .map(({ name }, index) => ({ name, score: score(documents[index]!) }))
    .toSorted((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1))
    .map(({ name }) => name);
};
