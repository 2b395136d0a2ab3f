/** A fault of a day folder: its name, its file, the text there, what stands in its place, and what is said of it. */
export type BrokenDay = [string, string, string, string, string];
