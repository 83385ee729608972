//! What the bundler adds to the language.

/** Style sheets that are there for what they say. Modules have types of their own (build/css-classes.mjs). */
declare module "*/layers.css";
declare module "*/tokens.css";
declare module "*/base.css";

/** The address of a script that is bundled as a worker of its own. */
declare module "*?worker&url" {
  const url: string;
  export default url;
}
