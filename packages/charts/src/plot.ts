/** Where in a picture an instant and a price stand, and the bounds of what is drawn. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x(at: number): number;
  y(price: number): number;
}
