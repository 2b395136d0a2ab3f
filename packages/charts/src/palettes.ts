/** What each part of a picture is drawn in; every part has a shape of its own beside its color. */
export interface Palette {
  background: string;
  ink: string;
  muted: string;
  grid: string;
  rising: string;
  falling: string;
  entry: string;
  stop: string;
  target: string;
}

export const LIGHT: Palette = {
  background: '#ffffff',
  ink: '#1b1f24',
  muted: '#5c646e',
  grid: '#e3e6ea',
  rising: '#18794e',
  falling: '#9a3412',
  entry: '#1d4ed8',
  stop: '#b42318',
  target: '#0f766e',
};
export const DARK: Palette = {
  background: '#16191d',
  ink: '#e9ecef',
  muted: '#a3abb5',
  grid: '#2c3138',
  rising: '#4cc38a',
  falling: '#f0956a',
  entry: '#8db4ff',
  stop: '#ff8f85',
  target: '#5fd3c4',
};
/** For a page that says by its own variables what it looks like. */
export const BY_PAGE: Palette = Object.fromEntries(
  Object.entries(LIGHT).map(([part, color]) => [part, `var(--chart-${part}, ${color})`]),
) as unknown as Palette;
