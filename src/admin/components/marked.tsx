import { Fragment } from "react";

/** A text in which names of options stand between backticks. They are written as the configuration has them. */
export const Marked = ({ text }: { text: string }) => (
  <>
    {text.split("`").map((part, at) =>
      at % 2 === 0 ? (
        <Fragment key={at}>{part}</Fragment>
      ) : (
        <code key={at} className="txt-compact-small break-all font-mono">
          {part}
        </code>
      ),
    )}
  </>
);
