import {
  createElement,
  useEffect,
  useRef,
  useState,
  type DetailedHTMLProps,
  type HTMLAttributes,
  type ReactElement,
} from "react";
import type {
  PaymentEventDetail,
  PaymentSource,
  Session,
  SeqrPaymentElement,
  SeqrPaymentElementEventMap,
  Snapshot,
  Texts,
} from "./element";

/** Properties of the component; they have the meaning of the element's. */
export interface SeqrPaymentProps {
  /** `data` of the payment session; or `token`, with `backend` if that is not the page's own server. */
  session?: Partial<Session>;
  token?: string;
  backend?: string;
  language?: string;
  layout?: "standard" | "small";
  texts?: Partial<Texts>;
  sound?: boolean;
  className?: string;
  onStateChange?(detail: PaymentEventDetail): void;
  onPaid?(detail: PaymentEventDetail): void;
  onRenewed?(session: Session): void;
}

/** Wraps the element as a component. On a server it renders an empty tag; the browser loads and draws the view. */
export function SeqrPayment(props: SeqrPaymentProps): ReactElement {
  const { session, token, backend, language, layout, texts, sound, className } = props;
  const element = useRef<SeqrPaymentElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const listening = new AbortController();
    const { signal } = listening;
    current.addEventListener("seqr-state", ({ detail }) => latest.current.onStateChange?.(detail), {
      signal,
    });
    current.addEventListener("seqr-paid", ({ detail }) => latest.current.onPaid?.(detail), { signal });
    current.addEventListener("seqr-renewed", ({ detail }) => latest.current.onRenewed?.(detail.session), {
      signal,
    });
    void import("./element");
    return () => listening.abort();
  }, []);
  const wording = JSON.stringify(texts);
  useEffect(() => {
    if (element.current) Object.assign(element.current, { session, texts: texts ?? {} });
    // Objects with equal content count as equal.
  }, [session?.token, wording]);
  return createElement("seqr-payment", {
    ref: element,
    class: className,
    sound: sound ? "" : undefined,
    ...{ token, backend, language, layout },
  });
}

/** Result of the hook; its values are undefined until the browser has loaded the view. */
export interface SeqrPaymentHook extends Partial<Snapshot> {
  cancel(): Promise<void>;
  renew(): Promise<Session | undefined>;
}

/**
 * Follows a payment without drawing it, for a view of your own.
 *
 * @param source `data` of the payment session, or the address `<backend>/seqr/payments/<token>`
 */
export function useSeqrPayment(source: PaymentSource): SeqrPaymentHook {
  const [snapshot, setSnapshot] = useState<Partial<Snapshot>>({});
  const control = useRef<Pick<SeqrPaymentHook, "cancel" | "renew">>(undefined);
  const key = typeof source === "string" ? source : source.token;
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isOver = false;
    void import("./element").then(({ PaymentControl }) => {
      if (isOver) return;
      const payment = new PaymentControl(source, setSnapshot);
      control.current = payment;
      stop = () => payment.stop();
      payment.start();
    });
    return () => {
      isOver = true;
      stop?.();
    };
  }, [key]);
  return {
    ...snapshot,
    cancel: async () => control.current?.cancel(),
    renew: async () => control.current?.renew(),
  };
}

type OwnEvents = Exclude<keyof SeqrPaymentElementEventMap, keyof HTMLElementEventMap>;

/**
 * Types the bare tag in JSX. React 19 sets `session` and `texts` as properties and listens to
 * the events; React 18 knows attributes only, and needs `SeqrPayment` for both.
 */
export type SeqrPaymentAttributes = DetailedHTMLProps<
  HTMLAttributes<SeqrPaymentElement>,
  SeqrPaymentElement
> &
  Pick<SeqrPaymentProps, "session" | "token" | "backend" | "language" | "layout" | "texts"> & {
    /** React 18's name of the attribute on a custom element. */
    class?: string;
    sound?: true | "";
  } & { [Name in OwnEvents as `on${Name}`]?: (event: SeqrPaymentElementEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "seqr-payment": SeqrPaymentAttributes;
    }
  }
}

declare global {
  // React 18's types read the global namespace.
  namespace JSX {
    interface IntrinsicElements {
      "seqr-payment": SeqrPaymentAttributes;
    }
  }
}

export type { PaymentEventDetail, PaymentSource, Session, Snapshot, Texts };
