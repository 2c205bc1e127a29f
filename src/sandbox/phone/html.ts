import { escapeXml } from "../../seqr/wire/xml";

/** HTML whose values are escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** Builds HTML. Every value that is not Html is escaped, and undefined values are omitted. */
export function html(
  parts: TemplateStringsArray,
  ...values: (Html | Html[] | string | number | undefined)[]
): Html {
  const texts = values.map((value) => {
    if (value === undefined) return "";
    if (Array.isArray(value)) return value.map(({ text }) => text).join("");
    return value instanceof Html ? value.text : escapeXml(String(value));
  });
  return new Html(parts.map((part, index) => part + (texts[index] ?? "")).join(""));
}
