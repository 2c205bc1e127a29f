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

/** See the element for what they mean. */
export interface SeqrPaymentProps {
  /** `data` of the payment session; or `token`, and `backend` where it is not the page's own server. */
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

/** The element as a component. On a server it is an empty tag; the browser loads and draws it. */
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
    // Objects that say the same are the same here.
  }, [session?.token, wording]);
  return createElement("seqr-payment", {
    ref: element,
    class: className,
    sound: sound ? "" : undefined,
    ...{ token, backend, language, layout },
  });
}

/** What the hook gives: undefined values until the browser has loaded it. */
export interface SeqrPaymentHook extends Partial<Snapshot> {
  cancel(): Promise<void>;
  renew(): Promise<Session | undefined>;
}

/**
 * Follows a payment without drawing anything, for those who draw their own.
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
 * The bare tag in JSX, for those who write it themselves. React 19 sets `session` and `texts` as properties and listens to
 * the events; React 18 knows attributes only, and needs `SeqrPayment` for both.
 */
export type SeqrPaymentAttributes = DetailedHTMLProps<
  HTMLAttributes<SeqrPaymentElement>,
  SeqrPaymentElement
> &
  Pick<SeqrPaymentProps, "session" | "token" | "backend" | "language" | "layout" | "texts"> & {
    /** As React 18 names it on an element that is not the browser's own. */
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
  // Where the types of React 18 look.
  namespace JSX {
    interface IntrinsicElements {
      "seqr-payment": SeqrPaymentAttributes;
    }
  }
}

export type { PaymentEventDetail, PaymentSource, Session, Snapshot, Texts };
