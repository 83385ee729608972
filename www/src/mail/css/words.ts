//! What a mail's style may say. Whatever isn't here is gone.

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Properties. Nothing that moves, filters, masks or clips: it costs the reader's machine, and no mail needs it. */
export const PROPERTIES = set(`
  align-content align-items align-self aspect-ratio background background-attachment background-blend-mode background-clip
  background-color background-image background-origin background-position background-position-x background-position-y
  background-repeat background-size block-size border border-block border-block-color border-block-end
  border-block-start border-block-style border-block-width border-bottom border-bottom-color
  border-bottom-left-radius border-bottom-right-radius border-bottom-style border-bottom-width border-collapse
  border-color border-image border-image-outset border-image-repeat border-image-slice border-image-source
  border-image-width border-inline border-inline-color border-inline-end border-inline-start border-inline-style
  border-inline-width border-left border-left-color border-left-style border-left-width border-radius border-right
  border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color
  border-top-left-radius border-top-right-radius border-top-style border-top-width border-width bottom
  box-decoration-break box-shadow box-sizing break-after break-before break-inside caption-side clear clip color
  column-count column-fill column-gap column-rule column-rule-color column-rule-style column-rule-width column-span
  column-width columns content counter-increment counter-reset counter-set cursor direction display empty-cells flex
  flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-feature-settings
  font-kerning font-size font-size-adjust font-stretch font-style font-variant font-variant-caps
  font-variant-ligatures font-variant-numeric font-weight gap grid grid-area grid-auto-columns grid-auto-flow
  grid-auto-rows grid-column grid-column-end grid-column-gap grid-column-start grid-gap grid-row grid-row-end
  grid-row-gap grid-row-start grid-template grid-template-areas grid-template-columns grid-template-rows height
  hyphens inline-size inset inset-block inset-inline isolation justify-content justify-items justify-self left
  letter-spacing line-break line-height list-style list-style-image list-style-position list-style-type margin
  margin-block margin-block-end margin-block-start margin-bottom margin-inline margin-inline-end margin-inline-start
  margin-left margin-right margin-top max-block-size max-height max-inline-size max-width min-block-size min-height
  min-inline-size min-width object-fit object-position opacity order orphans outline outline-color outline-offset
  outline-style outline-width overflow overflow-wrap overflow-x overflow-y padding padding-block padding-block-end
  padding-block-start padding-bottom padding-inline padding-inline-end padding-inline-start padding-left
  padding-right padding-top page-break-after page-break-before page-break-inside place-content place-items
  place-self position print-color-adjust quotes right row-gap tab-size table-layout text-align text-align-last
  text-decoration text-decoration-color text-decoration-line text-decoration-style text-decoration-thickness
  text-indent text-justify text-overflow text-shadow text-size-adjust text-transform text-underline-offset
  text-underline-position text-wrap top transform transform-origin unicode-bidi vertical-align visibility
  white-space widows width word-break word-spacing word-wrap writing-mode z-index
  -webkit-border-radius -webkit-box-align -webkit-box-pack -webkit-box-shadow -webkit-box-sizing -webkit-font-smoothing
  -webkit-hyphens -webkit-print-color-adjust -webkit-text-fill-color -webkit-text-size-adjust -webkit-line-clamp
  -webkit-box-orient -moz-osx-font-smoothing -moz-text-size-adjust -ms-text-size-adjust
`);

/** Properties that may show one of the mail's own pictures. */
export const PICTURED = set(
  "background background-image border-image border-image-source content list-style list-style-image",
);

/** Functions of values. None of them fetches; `url` is looked at by itself. */
export const FUNCTIONS = set(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark
  calc min max clamp round mod rem abs sign pow sqrt hypot exp log sin cos tan asin acos atan atan2 var env
  linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
  repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient -webkit-gradient from to color-stop
  -moz-linear-gradient -o-linear-gradient
  translate translatex translatey translatez translate3d rotate rotatex rotatey rotatez rotate3d scale scalex scaley
  scalez scale3d skew skewx skewy matrix matrix3d
  repeat minmax fit-content rect counter counters
`);

/** Pseudo-classes with arguments. `:has()` is left out: a few of them stop a browser. */
export const SELECTOR_FUNCTIONS = set(
  "not is where lang dir nth-child nth-last-child nth-of-type nth-last-of-type -webkit-any -moz-any",
);

/** Values that bring no colour of the mail's own. */
export const COLOURLESS = set("none transparent inherit initial unset revert revert-layer currentcolor");

/** Properties by which a mail brings colours of its own. */
export const COLOURS = set("background background-color color");
