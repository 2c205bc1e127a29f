/** As far as the tests use it; the package brings no types. */
declare module "pngjs" {
  export const PNG: {
    sync: { read(picture: Buffer): { data: Buffer; width: number; height: number } };
  };
}
