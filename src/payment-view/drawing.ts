/**
 * Something to be drawn: a text, or an element with its name, its attributes and what is in it. A server writes it as HTML
 * (`html.ts`), a browser makes elements of it (`browser/dom.ts`): no text of it is ever read as markup.
 */
export type Drawing = string | readonly [name: string, attributes: Attributes, ...content: Content[]];

/** What is undefined is left out. */
export type Content = Drawing | undefined;

export type Attributes = Readonly<Record<string, string>>;
