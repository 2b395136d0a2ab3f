export * from './book-rows.ts';
export * from './book.ts';
