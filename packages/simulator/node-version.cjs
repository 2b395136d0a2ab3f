// Plain CommonJS, so that every version of Node can read it.
const { node } = process.versions;
const [major = 0, minor = 0] = node.split('.').map(Number);

/** Throws, in one sentence, where this Node is too old for `who`. */
module.exports = (who) => {
  if (major > 22 || (major === 22 && minor >= 12)) return;
  throw new Error(`${who} needs Node 22.12 or later, this is ${node}`);
};
