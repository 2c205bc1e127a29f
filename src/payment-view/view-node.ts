/**
 * A node of the view: a text, or an element with its name, attributes and content. A server writes it as HTML
 * (`html.ts`), a browser creates elements (`browser/dom.ts`). Texts are never parsed as markup.
 */
export type ViewNode = string | readonly [name: string, attributes: Attributes, ...content: Content[]];

/** Undefined attributes are omitted. */
export type Content = ViewNode | undefined;

export type Attributes = Readonly<Record<string, string>>;
