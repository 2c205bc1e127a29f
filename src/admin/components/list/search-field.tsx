import { Input, Text } from "@medusajs/ui";
import { useEffect, useId, useRef, useState } from "react";
import { LONGEST_SEARCH } from "../../lib/search";

/** Milliseconds after the last key until what was written is searched for. */
const PAUSE = 300;

interface SearchProps {
  /** What is searched for. */
  value: string;
  label: string;
  /** What can be searched for, inside the empty field. */
  hint: string;
  /** How it is searched, below the field. */
  help?: string;
  onChange: (value: string) => void;
}

/** A field for a whole reference, which has the focus when its page opens, and is searched for when the person pauses. */
export const SearchField = ({ value, label, hint, help, onChange }: SearchProps) => {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  const [written, setWritten] = useState(value);
  const [sent, setSent] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The filters were cleared, or the browser went to another address. What was written here comes back later, and may be old by then.
    if (value !== sent) {
      setSent(value);
      setWritten(value);
    }
  }
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (written === sent) return;
    const timer = setTimeout(() => {
      setSent(written);
      latest.current(written);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [written, sent]);
  return (
    <div className="flex w-full flex-col gap-y-1">
      <Input
        ref={field}
        role="searchbox"
        size="small"
        value={written}
        maxLength={LONGEST_SEARCH}
        placeholder={hint}
        aria-label={label}
        aria-describedby={help && id}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setWritten(target.value)}
      />
      {help && (
        <Text id={id} size="xsmall" className="text-ui-fg-muted">
          {help}
        </Text>
      )}
    </div>
  );
};
