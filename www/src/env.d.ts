//! What the bundler adds to the language.

declare module "*.css";

/** The address of a script that is bundled as a worker of its own. */
declare module "*?worker&url" {
  const url: string;
  export default url;
}
