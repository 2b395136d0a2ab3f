// As entry.js, for `require`: Node gives it the same module that `import` gets.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const checkNode = require('./node-version.cjs');

checkNode('@catalyst/simulator');
const place = existsSync(join(__dirname, 'src', 'index.ts')) ? './src/index.ts' : './dist/index.js';
module.exports = require(place);
