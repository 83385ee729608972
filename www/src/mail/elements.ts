//! Which elements and attributes of a mail stay. Written out rather than taken from a sanitiser's own list: what isn't
//! here is gone (H2), from each of the three passes.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const ELEMENTS = words(`
  html head body style a abbr address area article aside b bdi bdo big blockquote br caption center cite code col
  colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
  main map mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot
  th thead time tr tt u ul var wbr
`);

/** Those that are copied as they are, or after a look at them. */
export const ATTRIBUTES = words(`
  abbr align alt bgcolor border cellpadding cellspacing class color cols colspan coords dir face height href hspace id
  lang name noshade nowrap open reversed rowspan rules scope shape size span src start style summary text title type
  usemap valign value vspace width
`);

/** Names the group of elements that belongs in an element's place. */
export const MARK = "data-postern-mark";

/** Those that we write ourselves. A mail's own are gone before. */
export const OUR_ATTRIBUTES = words(`
  target rel referrerpolicy decoding data-postern-host data-postern-held data-postern-picture data-postern-wide ${MARK}
`);

/** Gone with all that is in them. Of everything else that isn't listed, the content stays. */
export const DROPPED: ReadonlySet<string> = new Set(
  words(`
    script svg math template iframe object noscript title select textarea style head frameset noembed
    noframes
  `),
);
